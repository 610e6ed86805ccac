import { parseHTML } from 'linkedom'
import { type Colours, lightColours, standalone, svgText } from './standalone.ts'
import { drawStripAlone, isStrip } from './strip.ts'

/** Every chart of a page as an SVG file that opens by itself, wide and in light colours; what is drawn in a cell of a table stays there. @returns names, by section, with their texts */
export function svgFiles(page: string): (readonly [name: string, text: string])[] {
  const { document } = parseHTML(page)
  const css = [...document.querySelectorAll('style')].map(({ textContent }) => textContent ?? '').join('\n')
  const colours = lightColours(css)
  const charts = [...document.querySelectorAll('main svg')].filter((svg) => svg.closest('.narrow, td') === null)
  const names = uniqueNames(charts.map(nameOf))
  return charts.map((svg, i) => [`${names[i]!}.svg`, svgFile(svg, colours)] as const)
}

function svgFile(svg: Element, colours: Colours): string {
  const title = svg.getAttribute('aria-label') ?? ''
  if (isStrip(svg)) {
    const { body, ...size } = drawStripAlone(svg, colours)
    return standalone(title, size, body, colours)
  }
  const size = { width: Number(svg.getAttribute('width')), height: Number(svg.getAttribute('height')) }
  svg.setAttribute('overflow', 'visible')
  for (const text of svg.querySelectorAll('text')) text.setAttribute('style', 'white-space:pre')
  return standalone(title, size, svgText(svg, colours), colours)
}

/** "knee", "sweep-hit-rate", "happened-hbm-only-gpu-1": the section, the names that the page gives a chart in it, and whose strip it is. */
function nameOf(svg: Element): string {
  const section = svg.closest('section[id]')?.id ?? 'chart'
  const parts = [section, ...chartParts(svg), ...stripParts(svg)]
  return parts
    .map(slug)
    .filter((part) => part !== '')
    .join('-')
}

/** Of the figure, then of the panel. */
function chartParts(svg: Element): string[] {
  const named = svg.closest('[data-chart]')
  if (named === null) return []
  const around = named.parentElement === null ? [] : chartParts(named.parentElement)
  return [...around, named.getAttribute('data-chart') ?? '']
}

function stripParts(svg: Element): string[] {
  const strip = svg.closest('.strip')
  if (strip === null) return []
  const group = [...(strip.closest('[role=group]')?.classList ?? [])]
  const own = [strip.getAttribute('data-arm'), strip.closest('.row')?.querySelector('.gutter:not(.scale)')?.textContent]
  return [...group.filter((name) => name !== 'lanes'), ...own.map((part) => part ?? '')]
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}.]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
}

/** Charts of one name are numbered in their order. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return `${name}-${count}`
  })
}
