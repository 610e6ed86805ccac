import { formatBytes, formatCount, formatFigures, formatMs, formatNumber, formatRatio } from '../../units.ts'
import { armPhrase, baselineArm, inArmOrder } from '../arms.ts'
import type { Attribution, BreakEven, Report } from '../report.ts'
import { gpusOf } from '../words/ratio.ts'
import type { ReportTable } from './report-table.ts'

/** A step from the baseline to the arm: what it multiplies by, and the multiplier that is reached with it. */
export interface Step {
  readonly name: string
  readonly factor: number
  readonly from: number
  readonly to: number
}

/** Where it can be told: a game in which no token was made has no factor. */
export function attributionOf({ attribution }: Report): Attribution | undefined {
  if (attribution === undefined) return undefined
  const { gain, loss, tokensPerGpuSecond } = attribution
  const figures = [gain, loss, tokensPerGpuSecond].flatMap((group) => Object.values<number>(group))
  return figures.every((figure) => Number.isFinite(figure) && figure > 0) ? attribution : undefined
}

/** Gains first, then losses; the last one ends at the arm's own multiplier. */
export function attributionSteps({ gain, loss }: Attribution): Step[] {
  const factors: readonly (readonly [string, number])[] = [
    ['capacity', gain.capacity],
    ['sharing', gain.sharing],
    ['latency and bandwidth', loss.latencyAndBandwidth],
    ['queueing', loss.queueing],
    ['stores', loss.stores],
  ]
  let reached = 1
  return factors.map(([name, factor]) => {
    const from = reached
    reached *= factor
    return { name, factor, from, to: reached }
  })
}

/** Load, router and size of the warehouse that the steps were planned with. */
export function attributionNote({ router, capacityBytes }: Attribution): string {
  const size =
    capacityBytes === null ? 'a warehouse that holds everything' : `a warehouse of ${formatBytes(capacityBytes)} in all`
  return `With ${router} and ${size}. Each factor is a ratio of mean throughputs, not a mean of ratios.`
}

/** What waits and moves takes time: where a loss comes out as a gain, the windows held other requests. */
export const noiseNote = 'A loss above 1 is noise of the windows, no gain.'

/** More than a rounding error above 1. */
export function isNoise({ name, factor }: Step): boolean {
  return factor > 1.002 && name !== 'capacity' && name !== 'sharing'
}

export function attributionTable(attribution: Attribution): ReportTable {
  const { tokensPerGpuSecond: rates, arm } = attribution
  const rate = (value: number): string => formatFigures(value)
  const [capacity, sharing, ...losses] = attributionSteps(attribution)
  const step = (one: Step): string[] => [
    isNoise(one) ? `${one.name} (noise of the windows)` : one.name,
    formatRatio(one.factor),
    formatRatio(one.to),
  ]
  return {
    title: `Where the multiplier of ${armPhrase(arm)} comes from`,
    head: ['step', 'factor', 'multiplier reached', 'tokens per GPU-second'],
    rows: [
      [`${armPhrase(baselineArm)}: no capacity, no sharing`, '–', formatRatio(1), rate(rates.none)],
      [...step(capacity!), `alone ${rate(rates.capacity)}`],
      [...step(sharing!), `alone ${rate(rates.sharing)}`],
      ['both, free to read and write', '–', formatRatio(rates.both / rates.none), rate(rates.both)],
      ...losses.map((loss) => [...step(loss), '–']),
      [`${armPhrase(arm)} as it is`, '–', formatRatio(rates.real / rates.none), rate(rates.real)],
    ],
  }
}

/** "6,210 tokens", "always", "never". There is no part of a token. */
export function lengthWords(length: BreakEven['contextTokens']): string {
  if (typeof length === 'string') return length
  return formatCount(length < 1000 ? Math.ceil(length) : Number(length.toPrecision(3)), 'token')
}

export function breakEvenTable(breakEven: BreakEven): ReportTable {
  return {
    title: 'Times of a fetch and of a recompute',
    head: ['context, tokens', 'fetch', 'recompute', 'recompute ÷ fetch'],
    rows: breakEven.curve.map(({ contextTokens, fetchMs, recomputeMs }) => [
      formatNumber(contextTokens),
      formatMs(fetchMs),
      formatMs(recomputeMs),
      fetchMs > 0 ? formatRatio(recomputeMs / fetchMs) : 'a fetch takes no time',
    ]),
  }
}

/** What every arm is worth against the best that the same GPUs do without buying anything. */
export function strongestTable({ strongestBaseline }: Report): ReportTable | undefined {
  if (strongestBaseline === undefined) return undefined
  const { name, multipliers } = strongestBaseline
  return {
    title: `Against the strongest free baseline: ${name}`,
    head: ['arm', 'multiplier', 'GPUs that 100 are worth'],
    rows: inArmOrder(Object.keys(multipliers)).map((arm) => [
      arm,
      formatRatio(multipliers[arm]!),
      gpusOf(multipliers[arm]!),
    ]),
  }
}

/** How the strongest baseline was found, and what its ratios are. */
export function strongestNote({ strongestBaseline, setup }: Report): string {
  if (strongestBaseline === undefined) return ''
  const { tried, seeds } = strongestBaseline
  const how =
    seeds === 1 ? 'all planned over one draw' : `all planned over the first draw, the best of them over all ${seeds}`
  const router = setup.load === 'backlog' ? ' A backlog leaves a router no choice.' : ''
  return `The best of ${tried} that need no purchase, ${how}.${router} Its ratios are ratios of mean throughputs.`
}

/** Its row of the run's own way is no measurement of this run. */
export const alternativesNote =
  'Planned, against hbm-only under the same rules, each as it differs from the answer on the same draws.'

/** The same run done in other ways that are in use. */
export function alternativesTable({ alternatives }: Report): ReportTable | undefined {
  if (alternatives.length === 0) return undefined
  const arms = inArmOrder([...new Set(alternatives.flatMap(({ multiplier }) => Object.keys(multiplier)))])
  return {
    title: 'The same run done in other ways, planned',
    head: ['way', ...arms, 'what it is'],
    rows: alternatives.map(({ name, summary, multiplier, isOwn }) => [
      isOwn ? `${name} (as this run, planned)` : name,
      ...arms.map((arm) => (multiplier[arm] === undefined ? '–' : formatRatio(multiplier[arm]))),
      summary,
    ]),
    wordsFrom: arms.length + 1,
  }
}
