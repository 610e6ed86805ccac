import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Plot from '@observablehq/plot'
import { DOMParser } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { trend } from '../../../src/commands/trend.ts'
import { verify } from '../../../src/commands/verify.ts'
import { drawStrip } from '../../../src/report/page/charts/happened/strip.ts'
import { responsiveChart } from '../../../src/report/page/charts/plot.ts'
import { style } from '../../../src/report/page/style.ts'
import { svgFiles } from '../../../src/report/svg/svg-files.ts'

function chart(label: string): string {
  return responsiveChart(label, ({ width }) => ({
    width,
    height: 100,
    marks: [
      Plot.barX([3], { fill: 'var(--waste)' }),
      Plot.text(['<a> & "b" – €'], { frameAnchor: 'middle', fill: 'var(--muted)', title: () => 'a < b' }),
    ],
  })).markup
}

const strip = drawStrip('hbm-only, GPU 1: decode 36.7 %', 1000, 34, [
  Plot.rect([0], { x1: 0, x2: 500, y1: 0, y2: 20, fill: 'var(--work-1)' }),
]).markup

const panels = ['hit rate', 'TTFT p95'].map((name) => `<div data-chart="${name}">${chart(name)}</div>`).join('')

const page = `<!doctype html><html><head><style>${style}</style></head><body><main>
<section id="knee"><h2>The gain</h2><figure>${chart('Worth 2× & more than 1')}</figure></section>
<section id="sweep"><h2>Over dram</h2><figure>${panels}</figure></section>
<section id="trend"><h2>Trends</h2><h3>warehouse/hit rate</h3><figure data-chart="warehouse/hit rate">${chart('hit rate')}</figure><h3>TTFT p95</h3><figure data-chart="TTFT p95">${chart('TTFT')}${chart('TTFT')}</figure></section>
<section id="happened"><h2>What happened</h2><figure><div class="lanes" role="group"><p class="arm"><b>hbm-only</b> <span class="part"><i style="background:var(--work-1)"></i>decode 36.7 %</span></p>
<div class="row"><span class="gutter">GPU 1</span><div class="strip" data-arm="hbm-only">${strip}</div></div>
<div class="row"><div class="time-axis"><span style="left:0.00%;top:1px">0 h</span><span style="left:50%">1 h</span></div></div></div></figure></section>
<table><td>${chart('a chart in a cell is none of the page’s')}</td></table>
<script>alert(1)</script></main></body></html>`

/** Well-formed, white, and with nothing that is not in the file. */
function checked(text: string): string {
  const { documentElement } = new DOMParser().parseFromString(text, 'image/svg+xml')
  expect(documentElement.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg')
  expect(documentElement.querySelector('rect')!.getAttribute('fill')).toBe('#ffffff')
  for (const bad of ['var(', 'currentColor', '<script', '<style', 'href', 'url(', '&nbsp;', 'class=']) {
    expect(text).not.toContain(bad)
  }
  return text
}

describe('the charts of a page as files', () => {
  const files = new Map(svgFiles(page))

  it('are named by section and figure, each in its wide form', () => {
    expect([...files.keys()]).toEqual([
      'knee.svg',
      'sweep-hit-rate.svg',
      'sweep-ttft-p95.svg',
      'trend-warehouse-hit-rate.svg',
      'trend-ttft-p95-1.svg',
      'trend-ttft-p95-2.svg',
      'happened-hbm-only-gpu-1.svg',
    ])
    expect(files.get('knee.svg')).toContain('viewBox="0 0 720 100"')
  })

  it('are XML with the light theme’s colours', () => {
    for (const text of files.values()) checked(text)
    const knee = files.get('knee.svg')!
    expect(knee).toContain('fill="#d55e00"')
    expect(knee).toContain('&lt;a&gt; &amp; &quot;b&quot; – €')
    expect(knee).toContain('<title>Worth 2× &amp; more than 1</title>')
    expect(knee).toMatch(/font-family="system-ui, .*sans-serif"/)
  })

  it('have what stands beside a strip of the timeline in the page', () => {
    const text = files.get('happened-hbm-only-gpu-1.svg')!
    expect(text).toContain('<tspan fill="#3f4c5a">■</tspan> decode 36.7 %')
    expect(text).toContain('>1 h</text>')
    expect(text).toContain('preserveAspectRatio="none"')
  })
})

it('refuses a folder that cannot be written to before any work', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'memwall-svg-'))
  try {
    const svg = join(import.meta.filename, 'charts')
    await expect(verify(['weka-4.2x'], { out: folder, svg })).rejects.toThrow(/--svg.*is a file/)
    expect(() => trend(join(folder, 'none'), { out: folder, svg })).toThrow()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
