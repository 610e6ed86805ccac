import { formatBytes } from '../../../units.ts'
import { inArmOrder } from '../../arms.ts'
import type { ArmTimeline, Report, Timeline } from '../../report.ts'
import { tenthsOf } from '../../tables/tenths.ts'
import { armStyle } from '../arm-style.ts'
import { hbmChart } from '../charts/happened/hbm.ts'
import { laneName, lanesChart, longestOf } from '../charts/happened/lanes.ts'
import { occupancyChart } from '../charts/happened/occupancy.ts'
import { html, type Markup, nothing } from '../markup.ts'
import { foldedTableOf } from '../table.ts'
import { belowTitle, hbmTitle, lanesTitle, memoriesBelow } from '../titles/happened.ts'
import { runSource } from './finding.ts'

/** What the GPUs did over time, and what the memories held; without the page's script as it is, with it to be looked at closely. */
export function happened(report: Report): Markup {
  const timeline = Object.fromEntries(Object.entries(report.timeline ?? {}).filter(([name]) => report.arms[name]))
  if (Object.keys(timeline).length === 0 || longestOf(timeline) <= 0) return nothing
  return html`<section id="happened"><h2>${lanesTitle(report, timeline)}</h2>
${zoomBar}<figure>${lanesChart(report, timeline)}</figure><p class="source">${runSource(report)}. ${lanesNote(report, timeline)}</p>${foldedTableOf(tenthsOf(timeline).lanes, 'The table behind it')}
${hbm(report, timeline)}${below(report, timeline)}</section>
`
}

/** Of no use without the script, which shows it. */
const zoomBar = html`<div class="zoom" role="group" aria-label="Zoom of all charts over time" hidden>
<button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="out" aria-label="Zoom out">−</button><button type="button" data-zoom="earlier" aria-label="Earlier">←</button><button type="button" data-zoom="later" aria-label="Later">→</button><button type="button" data-zoom="all">All</button><output></output></div>`

function lanesNote(report: Report, timeline: Timeline): string {
  const arms = Object.values(timeline)
  const more = arms.some(({ replicas, lanes }) => replicas > lanes.length)
  const shown = Math.max(...arms.map(({ lanes }) => lanes.length))
  const noun = laneName(report, 0).startsWith('GPU') ? 'GPUs' : 'replicas'
  return [
    'A lane ends where the arm’s window does. Each moment is divided as its time was; short steps are drawn together.',
    report.trust === 'catalogue' ? '' : 'Times are the mock’s.',
    'Beneath a lane: its fetches, and the rate of evictions from its HBM.',
    more ? `Shown are the first ${shown} of ${mostOf(arms)} ${noun} of an arm.` : '',
  ]
    .filter((note) => note !== '')
    .join(' ')
}

function mostOf(arms: readonly ArmTimeline[]): number {
  return Math.max(...arms.map(({ replicas }) => replicas))
}

function hbm(report: Report, timeline: Timeline): Markup {
  const names = inArmOrder(Object.keys(timeline))
  const unlimited = names.filter((name) => timeline[name]!.memories.hbm.capacityBytes === null)
  if (unlimited.length === names.length) return nothing
  const title = hbmTitle(report, timeline)
  const left = unlimited.length === 0 ? '' : ` Without limit, so not drawn: ${unlimited.join(', ')}.`
  return html`<h3>${title}</h3><figure>${hbmChart(timeline)}</figure><p class="source">Of the HBM of all GPUs, the share that requests and transfers hold, and paler, what is cached besides.${left}</p>${foldedTableOf(tenthsOf(timeline).hbm, 'The table behind it')}
`
}

function below(report: Report, timeline: Timeline): Markup {
  const names = inArmOrder(Object.keys(timeline))
  const held = names.flatMap((name) =>
    memoriesBelow(timeline[name]!).map((one, _, all) => ({ ...one, arm: name, alone: all.length === 1 })),
  )
  if (held.length === 0) return nothing
  const lines = held.map(({ arm, name, memory, alone }) => ({
    arm,
    memory: name === 'DRAM' ? ('dram' as const) : name,
    name: alone ? arm : `${arm}, ${name}`,
    ...armStyle(arm, names),
    binMs: timeline[arm]!.binMs,
    windowMs: timeline[arm]!.windowMs,
    values: memory.heldBytes,
  }))
  const most = Math.max(1, ...lines.flatMap(({ values }) => values))
  // A limit far above what is held would flatten the lines.
  const limits = held.flatMap(({ arm, memory, alone, name }) =>
    memory.capacityBytes === null || memory.capacityBytes > 1.6 * most
      ? []
      : [{ arm, value: memory.capacityBytes, name: `limit of ${alone ? arm : `${arm}, ${name}`}` }],
  )
  const far = held.filter(({ memory }) => memory.capacityBytes !== null && memory.capacityBytes > 1.6 * most)
  const top = niceBytes(Math.max(most, ...limits.map(({ value }) => value)) * 1.04)
  const title = belowTitle(report, timeline)
  const chart = occupancyChart({
    longestMs: longestOf(timeline),
    label: title,
    lines,
    most: top,
    ticks: [0, top / 2, top],
    format: (bytes) => (bytes === 0 ? '0' : formatBytes(bytes)),
    limits: limits.map(({ arm, value, name }) => ({ value, name, colour: armStyle(arm, names).colour })),
  })
  const note = [
    'Bytes held below HBM, all GPUs together.',
    report.trust === 'catalogue' ? 'Where nothing is evicted, what will never be asked for again is left out.' : '',
    ...far.map(({ arm, memory }) => `The limit of ${arm}, ${formatBytes(memory.capacityBytes!)}, is beyond the chart.`),
  ]
  return html`<h3>${title}</h3><figure>${chart}</figure><p class="source">${note.filter((part) => part !== '').join(' ')}</p>${foldedTableOf(tenthsOf(timeline).below, 'The table behind it')}
`
}

/** The next of 1, 2, 4, 5, 6, 8 and their tens: its half is round, too. */
function niceBytes(bytes: number): number {
  const power = 10 ** Math.floor(Math.log10(bytes))
  return [1, 2, 4, 5, 6, 8, 10].map((digit) => digit * power).find((candidate) => candidate >= bytes)!
}
