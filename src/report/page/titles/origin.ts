import { formatCount, formatRatio, formatShare } from '../../../units.ts'
import { armPhrase, baselineArm, headlineArm, inArmOrder } from '../../arms.ts'
import type { Attribution, BreakEven, EqualService, Report } from '../../report.ts'
import { lengthWords } from '../../tables/origin.ts'
import { equalServiceBound } from '../../tables/readings.ts'
import { boundNote, gpusOf, plannedWork } from '../../words/ratio.ts'
import { sloWords } from '../../words/slo.ts'

/** Titles of what explains the multiplier and of what it is worth under other rules. */
export function attributionTitle({ arm, gain, tokensPerGpuSecond: { none, both, real } }: Attribution): string {
  const phrase = armPhrase(arm)
  const [free, total] = [both / none, real / none]
  const parts = `capacity ${formatRatio(gain.capacity)}, sharing ${formatRatio(gain.sharing)}`
  const lost = 1 - real / both
  if (free < 1.05)
    return `Neither capacity nor sharing gains anything here: both together, free of charge, give ${formatRatio(free)}`
  if (total <= 1.02)
    return `${capital(phrase)} ${total < 0.98 ? `costs throughput (${formatRatio(total)})` : 'gains nothing'}: of ${formatRatio(free)} free of charge (${parts}), links, queueing and stores take ${formatShare(lost)}`
  const loss =
    lost < 0.005
      ? 'links, queueing and stores take nothing'
      : `links, queueing and stores take ${formatShare(lost)} of it`
  return `${capital(phrase)} gives ${formatRatio(total)}, planned: ${parts}; ${loss}`
}

/** No prompt that is worth a store is shorter, tokens. */
const shortestInUse = 256

export function breakEvenTitle({ contextTokens, link }: BreakEven): string {
  if (contextTokens === 'always') return `A fetch over ${link} is never slower than a recompute, whatever the context`
  if (contextTokens === 'never') return `A fetch over ${link} is slower than a recompute at every context`
  if (contextTokens < shortestInUse) return `A fetch over ${link} beats a recompute at every length in use`
  return `From ${lengthWords(contextTokens)} of context on, a fetch over ${link} beats a recompute`
}

/** What the same context length asks of the link and of the GPU. */
export function breakEvenNote({ atContextTokens, bandwidthBytesPerMs, linearMfu }: BreakEven): string {
  const bandwidth =
    typeof bandwidthBytesPerMs === 'string'
      ? { always: 'a fetch wins at any bandwidth', never: 'no bandwidth makes a fetch win' }[bandwidthBytesPerMs]
      : `they break even at ${(bandwidthBytesPerMs / 1e6).toPrecision(3)} GB/s a replica`
  const mfu =
    typeof linearMfu === 'string'
      ? { always: 'a fetch wins at any MFU', never: 'a fetch wins at no MFU' }[linearMfu]
      : linearMfu > 1
        ? `even at an MFU of 100 % a recompute would be slower`
        : `at an MFU of ${formatShare(linearMfu)} of the matrix products`
  return `For a context of ${formatCount(atContextTokens, 'token')}: ${bandwidth}; ${mfu}.`
}

export function equalServiceTitle(report: Report, service: EqualService): string {
  const name = headlineArm(report)
  const arm = name === undefined ? undefined : service.arms[name]
  const baseline = service.arms[baselineArm]
  const slo = sloWords(service.slo)
  if (name === undefined || arm === undefined) return `Throughput with ${slo}`
  if (arm.tokensPerGpuSecond === null) {
    const others = keepers(service)
    return `${capital(armPhrase(name))} keeps ${slo} at no load${others.length === 0 ? ', and neither does any other arm' : `; ${others.join(', ')} ${others.length === 1 ? 'does' : 'do'}`}`
  }
  if (baseline?.tokensPerGpuSecond === null)
    return `${capital(armPhrase(baselineArm))} keeps ${slo} at no load, ${armPhrase(name)} does: there is no multiplier`
  const ratio = service.multiplier[name] ?? null
  if (ratio === null || baseline === undefined) return `Throughput with ${slo}`
  const bound = boundNote(equalServiceBound(arm.isHighestTried, baseline.isHighestTried))
  const work = bound === '' ? plannedWork(ratio) : `${gpusOf(ratio)} (${bound})`
  return `With ${slo}, 100 GPUs with ${armPhrase(name)} do the work of ${work}`
}

function keepers({ arms }: EqualService): string[] {
  return inArmOrder(Object.keys(arms))
    .filter((name) => arms[name]!.tokensPerGpuSecond !== null)
    .map(armPhrase)
}

/** Alternatives further apart than this change the answer. */
const noticeable = 0.1

export function alternativesTitle(report: Report): string {
  const name = headlineArm(report)
  const values = report.alternatives.flatMap(({ multiplier, name: way }) => {
    const value = name === undefined ? undefined : multiplier[name]
    return value === undefined ? [] : [{ way, value }]
  })
  if (name === undefined || values.length < 2) return 'The same run done in other ways'
  const low = values.reduce((least, one) => (one.value < least.value ? one : least))
  const high = values.reduce((most, one) => (one.value > most.value ? one : most))
  const range = `${formatRatio(low.value)} (${low.way}) to ${formatRatio(high.value)} (${high.way})`
  const subject = `How the run is done`
  return high.value / low.value > 1 + noticeable
    ? `${subject} moves the multiplier of ${armPhrase(name)}: ${range}`
    : `${subject} hardly moves the multiplier of ${armPhrase(name)}: ${range}`
}

export function replicasTitle(uneven: readonly string[]): string {
  return uneven.length === 0
    ? 'No replica starves its users: none is far from the others of its arm'
    : `An average hides users who starve: ${uneven.length === 1 ? 'in one arm' : `in ${uneven.length} arms`} a replica is far from the others`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
