import { xml } from '../xml.ts'
import { attributesText, type Colours, resolved, svgText } from './standalone.ts'

/** A strip of the timeline has its scale, its key and its time beside it, in the page's own markup: here they are drawn with it. */
const strip = { width: 560, left: 76, right: 120, axis: 26, keyLine: 20, letter: 6.4 } as const
const fullWidth = strip.left + strip.width + strip.right
/** The square before a part, and the spaces around it. */
const betweenLetters = 5
const stripUnits = 'non-scaling-stroke'

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly body: string
}

export function isStrip(svg: Element): boolean {
  return svg.getAttribute('preserveAspectRatio') === 'none'
}

export function drawStripAlone(svg: Element, colours: Colours): Drawing {
  const height = Number(svg.getAttribute('height'))
  const row = svg.closest('.row')
  const lines = keyLines(row, colours)
  const key = lines.map((line, i) => `<text x="0" y="${10 + i * strip.keyLine}" font-size="11">${line}</text>`).join('')
  const top = Math.max(8, lines.length * strip.keyLine)
  for (const mark of svg.querySelectorAll('path, line')) mark.setAttribute('vector-effect', stripUnits)
  const inner = [...svg.children].map((child) => svgText(child, colours)).join('')
  const kept = attributesText(svg, colours, ['width', 'height', 'style'])
  const body = `${key}<g transform="translate(0,${top})"><svg x="${strip.left}" y="0" width="${strip.width}" height="${height}"${kept}>${inner}</svg>${[
    ...besideTexts(row, '.scale span', strip.left - 8, 'end', height, colours),
    ...besideTexts(row, '.ends span', strip.left + strip.width + 8, 'start', height, colours),
    ...timeTexts(row, height, colours),
  ].join('')}</g>`
  return { width: fullWidth, height: top + height + strip.axis, body }
}

interface KeyPart {
  readonly words: string
  readonly markup: string
}

/** What the colours mean: the parts that are named above the lanes of an arm, or above the group. */
function keyLines(row: Element | null, colours: Colours): string[] {
  let above = row?.previousElementSibling ?? null
  while (above !== null && !above.matches('.arm')) above = above.previousElementSibling
  const key = above ?? row?.parentElement?.parentElement?.querySelector('.arm') ?? null
  const parts = [...(key?.querySelectorAll('.part') ?? [])].map((part): KeyPart => {
    const style = part.querySelector('i')?.getAttribute('style') ?? 'background:var(--muted)'
    const colour = resolved(propertyOf(style, 'background') ?? 'var(--muted)', colours)
    const words = (part.textContent ?? '').trim()
    return { words, markup: `<tspan fill="${xml(colour)}">■</tspan> ${xml(words)}` }
  })
  if (parts.length === 0) return []
  const whose = key?.querySelector('b')?.textContent ?? ''
  return inLines(whose === '' ? parts : [{ words: `all of ${whose}`, markup: xml(`all of ${whose}`) }, ...parts])
}

/** Parts over lines no wider than the drawing. */
function inLines(parts: readonly KeyPart[]): string[] {
  const lines: KeyPart[][] = [[]]
  for (const part of parts) {
    const line = lines.at(-1)!
    const letters = [...line, part].reduce((sum, { words }) => sum + words.length + betweenLetters, 0)
    if (line.length > 0 && letters * strip.letter > fullWidth) lines.push([part])
    else line.push(part)
  }
  return lines.map((line) => line.map(({ markup }) => markup).join('   '))
}

function besideTexts(
  row: Element | null,
  selector: string,
  x: number,
  anchor: string,
  height: number,
  colours: Colours,
): string[] {
  return [...(row?.querySelectorAll(selector) ?? [])].map((span) => {
    const style = span.getAttribute('style') ?? ''
    const top = propertyOf(style, 'top') ?? '0'
    const y = top.endsWith('%') ? (Number.parseFloat(top) / 100) * height : Number.parseFloat(top)
    const colour = resolved(propertyOf(style, 'color') ?? 'var(--muted)', colours)
    return `<text x="${x}" y="${y}" dy="0.32em" font-size="11" text-anchor="${anchor}" fill="${xml(colour)}">${xml(span.textContent ?? '')}</text>`
  })
}

/** The axis of the group that the strip is in, or else of the figure. */
function timeTexts(row: Element | null, height: number, colours: Colours): string[] {
  const axis =
    row?.parentElement?.querySelector('.time-axis') ?? row?.closest('figure')?.querySelector('.time-axis') ?? null
  const muted = resolved('var(--muted)', colours)
  return [...(axis?.querySelectorAll('span') ?? [])].map((span) => {
    const share = Number.parseFloat(propertyOf(span.getAttribute('style') ?? '', 'left') ?? '0') / 100
    const x = strip.left + share * strip.width
    return `<path d="M${x},${height}v4" stroke="${muted}"/><text x="${x}" y="${height + 18}" font-size="11" text-anchor="middle" fill="${muted}">${xml(span.textContent ?? '')}</text>`
  })
}

/** The value of one property of a style attribute. */
function propertyOf(style: string, property: string): string | undefined {
  const found = style
    .split(';')
    .map((one) => one.split(':'))
    .find(([name]) => name?.trim() === property)
  return found?.slice(1).join(':').trim()
}
