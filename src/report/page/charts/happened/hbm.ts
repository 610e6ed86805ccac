import * as Plot from '@observablehq/plot'
import { formatShare } from '../../../../units.ts'
import { inArmOrder } from '../../../arms.ts'
import type { ArmTimeline, Timeline } from '../../../report.ts'
import { armStyle } from '../../arm-style.ts'
import { html, type Markup } from '../../markup.ts'
import { drawStrip } from './strip.ts'
import { timeAxis } from './time-axis.ts'

const height = 40

/** The HBM of each arm over time, one beneath the other: what is held, and on top of it what is only cached. */
export function hbmChart(timeline: Timeline): Markup {
  const names = inArmOrder(Object.keys(timeline))
  const longestMs = Math.max(...names.map((name) => timeline[name]!.windowMs))
  const limited = names.filter((name) => timeline[name]!.memories.hbm.capacityBytes !== null)
  return html`<div class="pools" role="group" aria-label="HBM of each arm over time">${limited.map((name) => poolRow(name, names, timeline[name]!, longestMs))}${timeAxis(longestMs)}</div>`
}

function poolRow(name: string, names: readonly string[], arm: ArmTimeline, longestMs: number): Markup {
  const { heldBytes, pinnedBytes = heldBytes, capacityBytes } = arm.memories.hbm
  const { colour, textColour } = armStyle(name, names)
  const share = (bytes: number): number => bytes / (capacityBytes ?? 1)
  const mean = pinnedBytes.reduce((sum, bytes) => sum + share(bytes), 0) / Math.max(1, pinnedBytes.length)
  const told = `requests hold ${formatShare(mean)} on average`
  const areas = [heldBytes, pinnedBytes].map((bytes, i) =>
    Plot.areaY(cornersOf(arm, bytes.map(share)), {
      x: 'atMs',
      y1: height,
      y2: 'y',
      fill: colour,
      fillOpacity: i === 0 ? 0.22 : 1,
    }),
  )
  return html`<p class="arm"><b style="color:${textColour}">${name}</b> ${told}</p><div class="row"><span class="gutter scale" aria-hidden="true"><span style="top:5px">100 %</span><span style="top:${height}px">0</span></span><div class="strip" data-arm="${name}" data-memories="hbm">${drawStrip(`HBM of ${name}: ${told}`, longestMs, height, areas)}</div><span class="ends"></span></div>
`
}

/** A bin is as high as it is at its end. */
function cornersOf({ binMs, windowMs }: ArmTimeline, shares: readonly number[]): { atMs: number; y: number }[] {
  return shares.flatMap((share, bin) => {
    const y = height * (1 - share)
    return [
      { atMs: bin * binMs, y },
      { atMs: Math.min(windowMs, (bin + 1) * binMs), y },
    ]
  })
}
