/** An element of a parsed XML file. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** XML 1.0 as far as the exporter uses it, and nothing beyond: what is not well-formed throws. */
export function parseXml(xml: string): XmlElement {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/.test(xml))
    throw new Error('a character that XML has not')
  const unescaped = (text: string): string => {
    if (/[<]|&(?!(?:amp|lt|gt|quot|apos);)|]]>/.test(text)) throw new Error(`unescaped: ${text}`)
    return text.replaceAll(/&(\w+);/g, (_, name: string) => references[name]!)
  }
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  let at = xml.match(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/)![0].length
  const token = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/y
  while (at < xml.length) {
    token.lastIndex = at
    const match = token.exec(xml)
    if (match === null) throw new Error(`not well-formed at ${xml.slice(at, at + 40)}`)
    at = token.lastIndex
    const [, closes, name, attributes, empty, text] = match
    const parent = open.at(-1)!
    if (text !== undefined) parent.text += unescaped(text)
    else if (closes === '/') {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes nothing`)
    } else {
      const pairs = [...attributes!.matchAll(/ ([a-z]+)="([^"]*)"/g)]
      const element: XmlElement = {
        name: name!,
        attributes: Object.fromEntries(pairs.map(([, key, value]) => [key!, unescaped(value!)])),
        children: [],
        text: '',
      }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one root')
  return root.children[0]!
}
