import * as Plot from '@observablehq/plot'
import { formatBytes, formatCount, formatShare } from '../../../../units.ts'
import { inArmOrder } from '../../../arms.ts'
import type { ArmTimeline, Lane, Report, Timeline } from '../../../report.ts'
import { armStyle } from '../../arm-style.ts'
import { html, type Markup, nothing } from '../../markup.ts'
import { drawStrip } from './strip.ts'
import { timeAxis } from './time-axis.ts'

type PartKey = 'usefulPrefillMs' | 'decodeMs' | 'redundantPrefillMs' | 'stalledMs' | 'starvedMs'

/** What a GPU does, from the foot of a lane to its head, in the colours of the chart of GPU time. */
export const parts: readonly { readonly key: PartKey; readonly name: string; readonly colour: string }[] = [
  { key: 'usefulPrefillMs', name: 'useful prefill', colour: 'work-1' },
  { key: 'decodeMs', name: 'decode', colour: 'work-2' },
  { key: 'redundantPrefillMs', name: 'redundant prefill', colour: 'waste' },
  { key: 'stalledMs', name: 'stalled', colour: 'waste-2' },
  { key: 'starvedMs', name: 'starved', colour: 'idle' },
]

const laneHeight = 18
const fetchTop = 20
const fetchHeight = 3
const evictionsTop = 25
const evictionsHeight = 9
const height = evictionsTop + evictionsHeight

/** One lane for each GPU of each arm: what it did, beneath it what it fetched, and how much its HBM evicted. */
export function lanesChart(report: Report, timeline: Timeline): Markup {
  const names = inArmOrder(Object.keys(timeline))
  const longestMs = longestOf(timeline)
  const mostEvictions = Math.max(
    Number.MIN_VALUE,
    ...names.flatMap((name) => timeline[name]!.lanes.flatMap(evictionRates(timeline[name]!))),
  )
  return html`<div class="lanes" role="group" aria-label="What each GPU did over time">${names.map((name) => {
    const arm = timeline[name]!
    const { textColour } = armStyle(name, names)
    return html`<p class="arm"><b style="color:${textColour}">${name}</b> ${summary(report, name, arm)}</p>
${arm.lanes.map((lane, i) => laneRow(report, { name, names, arm, lane, i, longestMs, mostEvictions }))}`
  })}${timeAxis(longestMs)}</div>`
}

export function longestOf(timeline: Timeline): number {
  return Math.max(...Object.values(timeline).map(({ windowMs }) => windowMs))
}

/** "GPU 2"; "replica 2" where it is a group of several. */
export function laneName({ target: { tensorParallel } }: Report, i: number): string {
  return `${tensorParallel === 1 ? 'GPU' : 'replica'} ${i + 1}`
}

/** Every part of the arm's time with its colour, then what its lanes show beneath. */
function summary(report: Report, name: string, arm: ArmTimeline): Markup {
  const share = report.arms[name]?.gpuTimeShare
  if (share === undefined) return nothing
  const shares = [share.usefulPrefill, share.decode, share.redundantPrefill, share.stalled, share.starved]
  const swatches = parts.map(({ name: part, colour }, i) =>
    shares[i]! < 0.0005
      ? nothing
      : html`<span class="part"><i style="background:var(--${colour})"></i>${part} ${formatShare(shares[i]!)}</span> `,
  )
  const fetched = sum(arm.lanes.flatMap(({ fetchedBytes }) => fetchedBytes))
  const evicted = sum(arm.evictions) * arm.blockBytes
  const beneath = [
    fetched > 0
      ? html`<span class="part"><i class="fetch" style="background:var(--${fetchColour})"></i>fetches</span> `
      : nothing,
    evicted > 0 ? html`<span class="part"><i class="evict"></i>evictions, ${formatBytes(evicted)}</span>` : nothing,
  ]
  return html`${swatches}${beneath}`
}

/** Where fetches come from has the warehouse's colour, whichever memory it is. */
const fetchColour = 'warehouse'

interface Drawn {
  readonly name: string
  readonly names: readonly string[]
  readonly arm: ArmTimeline
  readonly lane: Lane
  readonly i: number
  readonly longestMs: number
  readonly mostEvictions: number
}

function laneRow(report: Report, drawn: Drawn): Markup {
  const { name, lane, i, longestMs, arm } = drawn
  const who = laneName(report, i)
  const again = sum(lane.redundantPrefillMs) / arm.windowMs
  const label = `${name}, ${who}: ${laneWords(lane, arm.windowMs)}`
  return html`<div class="row"><span class="gutter">${who}</span><div class="strip" data-arm="${name}" data-lane="${i}">${drawStrip(label, longestMs, height, laneMarks(drawn))}</div><span class="ends">${again < 0.0005 ? 'none' : formatShare(again)} again</span></div>
`
}

/** What a lane shows, for who cannot see it. */
function laneWords(lane: Lane, windowMs: number): string {
  const shares = parts
    .map(({ key, name }) => ({ name, share: sum(lane[key]) / windowMs }))
    .filter(({ share }) => share >= 0.0005)
    .map(({ name, share }) => `${name} ${formatShare(share)}`)
  const fetches = sum(lane.fetches)
  const evictions = sum(lane.evictions)
  return [
    ...shares,
    ...(fetches > 0 ? [`${formatCount(fetches, 'fetch', 'fetches')}, ${formatBytes(sum(lane.fetchedBytes))}`] : []),
    ...(evictions > 0 ? [`${formatCount(evictions, 'block')} evicted`] : []),
  ].join(', ')
}

interface Corner {
  readonly atMs: number
  readonly from: number
  readonly to: number
}

function laneMarks({ arm, lane, longestMs, mostEvictions }: Drawn): Plot.Markish[] {
  const rates = evictionRates(arm)(lane)
  return [
    ...parts.map(({ key, colour }) => area(partCorners(lane, key), colour)),
    area(
      lane.fetchFromMs.flatMap((fromMs, i) =>
        // A fetch that is too short to be seen is a hairline.
        block(fromMs, Math.max(lane.fetchUntilMs[i]!, fromMs + longestMs / 1500), fetchTop, fetchTop + fetchHeight),
      ),
      fetchColour,
    ),
    area(
      rates.flatMap((rate, bin) => {
        const until = Math.min(arm.windowMs, (bin + 1) * arm.binMs)
        const top = height - (evictionsHeight * rate) / mostEvictions
        return rate === 0 ? [] : block(bin * arm.binMs, until, Math.min(top, height - 1), height)
      }),
      'muted',
    ),
  ]
}

/** Evictions in a bin as a rate: arms have bins of different lengths. */
function evictionRates({ binMs }: ArmTimeline): (lane: Lane) => number[] {
  return ({ evictions }) => evictions.map((count) => count / binMs)
}

/** Each segment is divided from its foot to its head as its time was. */
function partCorners(lane: Lane, key: PartKey): Corner[] {
  const corners: Corner[] = []
  lane.untilMs.forEach((untilMs, i) => {
    const fromMs = i === 0 ? 0 : lane.untilMs[i - 1]!
    const value = lane[key][i]!
    const length = untilMs - fromMs
    // What is thinner than a tenth of a pixel is not drawn.
    if (value / length < 0.005) return
    let below = 0
    for (const part of parts) {
      if (part.key === key) break
      below += lane[part.key][i]!
    }
    const y = (ms: number): number => laneHeight * (1 - ms / length)
    corners.push(...block(fromMs, untilMs, y(below + value), y(below)))
  })
  return corners
}

/** A rectangle, and a gap behind it. */
function block(fromMs: number, untilMs: number, from: number, to: number): Corner[] {
  return [
    { atMs: fromMs, from, to },
    { atMs: untilMs, from, to },
    { atMs: untilMs, from: Number.NaN, to: Number.NaN },
  ]
}

function area(corners: readonly Corner[], colour: string): Plot.Markish {
  return Plot.areaY(corners, { x: 'atMs', y1: 'from', y2: 'to', fill: `var(--${colour})` })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
