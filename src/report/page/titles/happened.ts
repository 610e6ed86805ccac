import { formatBytes, formatCount, formatNumber, formatRatio, formatShare } from '../../../units.ts'
import { armPhrase, baselineArm, headlineArm, inArmOrder } from '../../arms.ts'
import type { ArmTimeline, Report, Timeline } from '../../report.ts'
import { spanText } from '../../words/span.ts'
import { some } from './run.ts'

type Memory = ArmTimeline['memories']['hbm']

/** A memory that holds this share is full: what a request lets go of is free for a moment. */
const full = 0.95

/** How long the same number of requests takes, and what of it is waste. */
export function lanesTitle(report: Report, timeline: Timeline): string {
  const { without, withArm, name } = compared(report, timeline)
  const again = (arm: string): string => formatShare(report.arms[arm]!.gpuTimeShare.redundantPrefill)
  if (without === undefined || withArm === undefined) {
    const only = without === undefined ? name : baselineArm
    return `With ${armPhrase(only)} ${again(only)} of GPU time goes into computing again`
  }
  const waste = `${again(baselineArm)} of GPU time goes into computing again without ${armPhrase(name)}, ${some(report.arms[name]!.gpuTimeShare.redundantPrefill)} with it`
  const requests = report.arms[baselineArm]!.window.requests
  if (requests !== report.arms[name]!.window.requests || requests === 0) return waste
  const mock = report.trust === 'catalogue' ? '' : ' (mock time)'
  const [before, after] = [spanText(without.windowMs), spanText(withArm.windowMs)]
  const ratio = withArm.windowMs / without.windowMs
  if (ratio > 0.98)
    return `${formatCount(requests, 'request')} take no less time with ${armPhrase(name)} (${after}) than with ${armPhrase(baselineArm)} (${before})${mock}: ${waste}`
  return `${formatCount(requests, 'request')} take ${before} with ${armPhrase(baselineArm)} and ${after} with ${armPhrase(name)}${mock}: ${waste}`
}

/** Whether HBM is the limit, and what is thrown out of it. */
export function hbmTitle(report: Report, timeline: Timeline): string {
  const names = inArmOrder(Object.keys(timeline)).filter((arm) => timeline[arm]!.memories.hbm.capacityBytes !== null)
  const { name, without } = compared(report, timeline)
  const subject = without === undefined ? name : baselineArm
  const arm = timeline[subject]!
  const { hbm } = arm.memories
  if (names.length === 0 || hbm.capacityBytes === null) return 'What of HBM is in use'
  const whose = subject === baselineArm ? 'hbm-only' : armPhrase(subject)
  const evicted = arm.evictions.reduce((sum, blocks) => sum + blocks, 0)
  const since = fullSince(hbm, arm.binMs)
  if (since === undefined) {
    const most = formatShare(Math.max(...hbm.heldBytes) / hbm.capacityBytes)
    const lost = evicted === 0 ? 'nothing is evicted' : `${formatCount(evicted, 'block')} are evicted`
    const never = evicted === 0 ? 'HBM is never full: at most' : 'HBM is full at times:'
    return `${never} ${most} of it holds something with ${armPhrase(subject)}, and ${lost}`
  }
  const from = since === 0 ? 'throughout' : `from ${spanText(since)} on`
  if (evicted === 0) return `HBM is full ${from}, but ${whose} evicts nothing in the window`
  return `HBM is full ${from}: ${whose} evicts ${formatNumber(evicted)} blocks in the window, ${formatBytes(evicted * arm.blockBytes)} of KV`
}

/** How much lies below HBM, against what fits into HBM. */
export function belowTitle(report: Report, timeline: Timeline): string {
  const { name } = compared(report, timeline)
  const holders = inArmOrder(Object.keys(timeline)).filter((arm) => memoriesBelow(timeline[arm]!).length > 0)
  const subject = holders.includes(name) ? name : holders[0]
  if (subject === undefined) return 'What lies below HBM'
  const arm = timeline[subject]!
  const held = memoriesBelow(arm).map(({ memory }) => Math.max(...memory.heldBytes))
  const most = held.reduce((sum, bytes) => sum + bytes, 0)
  const pool = arm.memories.hbm.capacityBytes
  const who = sentenceStart(armPhrase(subject))
  if (most === 0) return `${who} holds nothing in the window${limitWords(timeline, holders)}`
  const against =
    pool === null
      ? ''
      : most > pool
        ? `, ${formatRatio(most / pool)} what fits into all HBM`
        : `, no more than fits into all HBM (${formatBytes(pool)})`
  return `${who} holds up to ${formatBytes(most)}${against}${limitWords(timeline, holders)}`
}

/** What of the arms' memories below HBM reaches its limit. */
function limitWords(timeline: Timeline, holders: readonly string[]): string {
  const words = holders.flatMap((arm) =>
    memoriesBelow(timeline[arm]!).flatMap(({ name, memory }) => {
      if (memory.capacityBytes === null) return []
      const since = fullSince(memory, timeline[arm]!.binMs)
      const whose = memoriesBelow(timeline[arm]!).length === 1 ? armPhrase(arm) : `${name} of ${armPhrase(arm)}`
      if (since === undefined) return [`${whose} is never full`]
      return [`${whose} is full ${since === 0 ? 'throughout' : `from ${spanText(since)} on`}`]
    }),
  )
  return words.length === 0 ? '' : `; ${words.join(', ')}`
}

export function memoriesBelow({
  memories: { dram, warehouse },
}: ArmTimeline): readonly { readonly name: 'DRAM' | 'warehouse'; readonly memory: Memory }[] {
  return [
    ...(dram === undefined ? [] : [{ name: 'DRAM' as const, memory: dram }]),
    ...(warehouse === undefined ? [] : [{ name: 'warehouse' as const, memory: warehouse }]),
  ]
}

/** From when on a memory is full to the end of the window; undefined: it is not at the end. */
function fullSince({ heldBytes, capacityBytes }: Memory, binMs: number): number | undefined {
  if (capacityBytes === null) return undefined
  const lastRoom = heldBytes.findLastIndex((held) => held < full * capacityBytes)
  if (lastRoom === heldBytes.length - 1) return undefined
  // The first fiftieth of a window is its beginning.
  return (lastRoom + 1) / heldBytes.length <= 0.02 ? 0 : (lastRoom + 1) * binMs
}

function compared(report: Report, timeline: Timeline) {
  const names = Object.keys(timeline).filter((arm) => report.arms[arm] !== undefined)
  const asked = headlineArm(report)
  const name =
    asked !== undefined && names.includes(asked) ? asked : (names.find((arm) => arm !== baselineArm) ?? baselineArm)
  return {
    without: names.includes(baselineArm) ? timeline[baselineArm] : undefined,
    withArm: name === baselineArm ? undefined : timeline[name],
    name,
  }
}

function sentenceStart(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1)
}
