import { fontSize } from '../page/charts/plot.ts'
import { xml } from '../xml.ts'

/** Colours of the page's light theme by the names of their variables. */
export type Colours = ReadonlyMap<string, string>

/** Where a drawing is looked at, a system font is there under one of these names. */
const fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
const margin = 16
const lineHeight = 18
/** Of a bold letter on average, px: that of the widest of the fonts, since nothing tells which there is. */
const boldWidth = 8.6
/** What has no meaning, or no business, outside the page. */
const dropped = new Set(['class', 'role', 'aria-label', 'aria-hidden', 'tabindex', 'href', 'xlink:href', 'xmlns'])
const droppedElements = new Set(['script', 'style', 'foreignobject', 'image', 'a'])

/** The first value of each variable is that of the light theme: the dark one stands behind a media query. */
export function lightColours(css: string): Colours {
  const colours = new Map<string, string>()
  for (const [, name, value] of css.matchAll(/(--[\w-]+):\s*([^;}]+)/g)) {
    if (!colours.has(name!)) colours.set(name!, value!.trim())
  }
  return colours
}

/** `var(--x)` as what it stands for; `currentColor` is the ink. */
export function resolved(text: string, colours: Colours): string {
  return text
    .replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => colours.get(name) ?? inkOf(colours))
    .replaceAll(/\bcurrentcolor\b/gi, inkOf(colours))
}

function inkOf(colours: Colours): string {
  return colours.get('--ink') ?? '#000000'
}

/** An element of a chart and all in it, as XML without variables, scripts and references. */
export function svgText(element: Element, colours: Colours): string {
  const name = element.tagName.toLowerCase()
  if (droppedElements.has(name)) return ''
  const children = [...element.childNodes].map((child) => {
    if (child.nodeType === 1) return svgText(child as Element, colours)
    return child.nodeType === 3 ? xml(child.textContent ?? '') : ''
  })
  return `<${nameOf(name)}${attributesText(element, colours)}>${children.join('')}</${nameOf(name)}>`
}

export function attributesText(element: Element, colours: Colours, left: readonly string[] = []): string {
  const kept = [...element.attributes].filter(
    ({ name }) => !dropped.has(name) && !left.includes(name) && !name.startsWith('data-') && !name.startsWith('on'),
  )
  return kept.map(({ name, value }) => ` ${name}="${xml(resolved(value, colours))}"`).join('')
}

/** HTML has names in lower case; those of SVG keep their humps. */
function nameOf(name: string): string {
  return humps.get(name) ?? name
}

const humps = new Map(
  ['clipPath', 'linearGradient', 'radialGradient', 'textPath'].map((name) => [name.toLowerCase(), name]),
)

/** A drawing as a file of its own: the sentence above it, white behind it. @param body in a frame of width × height */
export function standalone(
  title: string,
  size: { width: number; height: number },
  body: string,
  colours: Colours,
): string {
  const lines = wrapped(title, size.width)
  const top = margin + lines.length * lineHeight + 8
  const [width, height] = [size.width + 2 * margin, size.height + top + margin]
  const heading = lines.map(
    (line, i) => `<text x="${margin}" y="${margin + 13 + i * lineHeight}" font-weight="650">${xml(line)}</text>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${fonts}" font-size="${fontSize}" fill="${inkOf(colours)}">
<title>${xml(title)}</title>
<rect width="${width}" height="${height}" fill="${colours.get('--paper') ?? '#ffffff'}"/>
${heading.join('\n')}
<g transform="translate(${margin},${top})">${body}</g>
</svg>
`
}

/** Words over lines no wider than the drawing. */
export function wrapped(text: string, widthPx: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/[ \n]+/)) {
    const joined = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length === 0 || joined.length * boldWidth > widthPx) lines.push(word)
    else lines[lines.length - 1] = joined
  }
  return lines
}
