import type { Adjustments } from '../experiment/adjust.ts'
import { formatNumber } from '../units.ts'

/** What grows and what shrinks with a factor. */
const comparisons: Readonly<Record<keyof Adjustments, readonly [noun: string, more: string, less: string]>> = {
  poolFactor: ['HBM for KV', 'larger', 'smaller'],
  dramFactor: ['host DRAM', 'larger', 'smaller'],
  prefillSpeedFactor: ['prefill', 'faster', 'slower'],
  hbmBandwidthFactor: ['HBM', 'faster', 'slower'],
  linkRateFactor: ['a link', 'faster', 'slower'],
  linkLatencyFactor: ['a link latency', 'longer', 'shorter'],
  contextFactor: ['contexts', 'longer', 'shorter'],
  outputFactor: ['outputs', 'longer', 'shorter'],
  thinkFactor: ['think times', 'longer', 'shorter'],
}

/** Factors on what was taken, each as a condition: "with prefill 3× slower than taken". */
export function adjustmentWords(adjustments: { readonly [Name in keyof Adjustments]?: number | undefined }): string[] {
  return Object.entries(comparisons).flatMap(([name, [noun, more, less]]) => {
    const factor = adjustments[name as keyof Adjustments]
    if (factor === undefined || factor === 1) return []
    const times = factor > 1 ? factor : 1 / factor
    return [`with ${noun} ${formatNumber(times)}× ${factor > 1 ? more : less} than taken`]
  })
}
