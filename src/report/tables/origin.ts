import { formatBytes, formatCount, formatFigures, formatMs, formatNumber, formatRatio } from '../../units.ts'
import { armPhrase, baselineArm, inArmOrder } from '../arms.ts'
import type { Attribution, BreakEven, Report, StrongestBaseline } from '../report.ts'
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

/** "C = 40 TB", or that everything fits. */
export function capacityWords({ capacityBytes }: Attribution): string {
  return capacityBytes === null ? 'C without limit: everything fits' : `C = ${formatBytes(capacityBytes)} in all`
}

export function attributionTable(attribution: Attribution): ReportTable {
  const { tokensPerGpuSecond: rates, arm } = attribution
  const rate = (value: number): string => formatFigures(value)
  const [capacity, sharing, ...losses] = attributionSteps(attribution)
  const step = ({ name, factor, to }: Step): string[] => [name, formatRatio(factor), formatRatio(to)]
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

/** "6,210 tokens", "always", "never". */
export function lengthWords(length: BreakEven['contextTokens']): string {
  return typeof length === 'string' ? length : formatCount(Number(length.toPrecision(3)), 'token')
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
export function strongestTable(strongest: StrongestBaseline): ReportTable {
  const { name, multipliers, tried, seeds } = strongest
  return {
    title: `Against the strongest free baseline: ${name}, best of ${tried} tried, planned over ${formatCount(seeds, 'seed')}`,
    head: ['arm', 'multiplier', 'GPUs that 100 are worth'],
    rows: inArmOrder(Object.keys(multipliers)).map((arm) => [
      arm,
      formatRatio(multipliers[arm]!),
      gpusOf(multipliers[arm]!),
    ]),
  }
}

/** The same run done in other ways that are in use. */
export function alternativesTable({ alternatives }: Report): ReportTable | undefined {
  if (alternatives.length === 0) return undefined
  const arms = inArmOrder([...new Set(alternatives.flatMap(({ multiplier }) => Object.keys(multiplier)))])
  return {
    title: 'The same run done in other ways, planned',
    head: ['way', ...arms, 'what it is'],
    rows: alternatives.map(({ name, summary, multiplier, isOwn }) => [
      isOwn ? `${name} (this run)` : name,
      ...arms.map((arm) => (multiplier[arm] === undefined ? '–' : formatRatio(multiplier[arm]))),
      summary,
    ]),
    wordsFrom: arms.length + 1,
  }
}
