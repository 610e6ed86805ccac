import type { Ask } from '../../claims/ask.ts'
import type { Claim, ClaimVariant } from '../../claims/claim.ts'
import { judgePoint } from '../../claims/judge.ts'
import type { ClaimResult, Range } from '../../claims/result.ts'
import { assumptionsOf } from '../../claims/what-if/assumptions.ts'
import { claimMap } from '../../claims/what-if/claim-map.ts'
import { morris } from '../../claims/what-if/morris.ts'
import { mustBeTrue } from '../../claims/what-if/must-be-true.ts'
import { needWords } from '../../claims/what-if/need-words.ts'
import { ceilingParameter, type DeploymentFigures, standardParameters } from '../../claims/what-if/parameters.ts'
import { tornado } from '../../claims/what-if/tornado.ts'
import { type TriedParameter, triedParameters } from '../../claims/what-if/tried-parameters.ts'
import { mfuOf } from '../../plan/roofline.ts'
import { seededRandom } from '../../random.ts'
import { type AskedPoint, askPoint, type ClaimContext } from './asked-point.ts'
import { asStated } from './claim-point.ts'

type Analyses = Pick<ClaimResult, 'mustBeTrue' | 'map' | 'tornado' | 'screen'> & {
  readonly noticed: readonly string[]
  /** What must be true, a threshold each, in words. */
  readonly needs: readonly string[]
}

/** Of a claim that asks for none, and of a quick look. */
export const noAnalyses: Analyses = { mustBeTrue: [], map: null, tornado: [], screen: [], noticed: [], needs: [] }

/** Values of a parameter beside the claim's own, before its crossings are asked again. */
const valuesBeside = 4

/** Output of a request of the catalogue's workloads, for axes in tokens; a factor is what is varied. */
const meanOutputTokens = 440

/** What must be true for the claim to hold, and what moves it most. */
export async function analysesOf(claim: Claim, own: AskedPoint, context: ClaimContext): Promise<Analyses> {
  const line = claim.claimed.value
  if (line === null || context.quick || !claim.analyses) return noAnalyses
  const figures = figuresOf(own)
  const ask = askOf(claim, context)
  // What is drawn over many conditions takes one draw: it shows shapes, not last digits.
  const askOnce = askOf(claim, { ...context, stages: [1] })
  const { wantsLarger } = claim.metric!.evaluate(own.scopes.mean, claim.tolerance)
  const slack = claim.tolerance * Math.abs(line)
  const holds = ({ value }: Range): boolean => (wantsLarger ? value >= line - slack : value <= line + slack)
  const { linkRate, contextTokens, hostDram } = standardParameters(figures)
  // Host DRAM moves nothing where the baseline has none.
  const isIdle = (name: string): boolean => name === hostDram.name && !claim.baseline.includes('dram')
  const assumptions = assumptionsOf(figures).filter(({ name }) => !isIdle(name))
  const parameters = triedParameters(figures, valuesBeside).map((parameter) =>
    parameter.name === hostDram.name ? { ...parameter, ask: askOf(claim, context, againstDram) } : parameter,
  )
  const ceiling = await ceilingTried(claim, context)
  const drawn = async () => ({
    map: await claimMap({
      ask: askOnce,
      x: { parameter: contextTokens, from: figures.contextTokens / 16, to: figures.maxContextTokens },
      y: { parameter: linkRate, from: 1, to: 200 },
      line,
      label: 'the claim’s experiment',
      size: 6,
    }),
    tornado: await tornado(askOnce, assumptions),
    screen: await morris(askOnce, assumptions, { random: seededRandom(1).fork('screen') }),
  })
  const all = [...parameters, ...ceiling]
  const { thresholds, notes } = await mustBeTrue({ ask, holds, parameters: all })
  const needs = thresholds.flatMap((threshold, i) => needWords(threshold, all[i]!.own) ?? [])
  return { mustBeTrue: thresholds, needs, noticed: notes, ...(await drawn()) }
}

/** Shares of turns of `agentic-coding` that find the context rewritten: the more, the lower the ceiling. */
const rewriteRatios = [0.007, 0.05, 0.12, 0.3]

/** The ceiling hit rate, through the parameter of the workload that moves it; none where the workload is another. */
async function ceilingTried(claim: Claim, context: ClaimContext): Promise<TriedParameter[]> {
  if (claim.experiment.workload !== 'agentic-coding') return []
  const optionsAt = (ratio: number): Record<string, string> => ({ 'params.rewriteRatio': String(ratio) })
  const points = await Promise.all(
    rewriteRatios.map(async (ratio) => {
      const point = await askPoint({ claim, variant: asStated, options: optionsAt(ratio) }, context)
      const arms = point?.scopes.mean.arms ?? {}
      return { ratio, ceiling: (arms['infinite-cache'] ?? arms.warehouse)?.ceilingHitRate ?? Number.NaN }
    }),
  )
  const byCeiling = points.filter(({ ceiling }) => Number.isFinite(ceiling)).sort((a, b) => a.ceiling - b.ceiling)
  if (byCeiling.length < 2) return []
  const ratioAt = (ceiling: number): number => {
    const above = byCeiling.findIndex((point) => point.ceiling >= ceiling)
    const [a, b] = above <= 0 ? [byCeiling[0]!, byCeiling[0]!] : [byCeiling[above - 1]!, byCeiling[above]!]
    return a === b ? a.ratio : a.ratio + ((ceiling - a.ceiling) / (b.ceiling - a.ceiling)) * (b.ratio - a.ratio)
  }
  const own = byCeiling.at(-1)!.ceiling
  const parameter = ceilingParameter(own, (ceiling) => ({ options: optionsAt(ratioAt(ceiling)), adjustments: {} }))
  return [{ ...parameter, values: byCeiling.map(({ ceiling }) => ceiling) }]
}

/** Host DRAM matters where it is what the baseline has. */
const againstDram: ClaimVariant = { name: 'against host DRAM', baseline: 'local-dram' }

/** The claim's own value under a condition. */
export function askOf(claim: Claim, context: ClaimContext, variant: ClaimVariant = asStated): Ask {
  return async ({ options, adjustments }) => {
    const point = await askPoint({ claim, variant, options, adjustments }, context)
    const measured = point === undefined ? null : judgePoint(claim, '', point.scopes).measured
    return measured ?? { value: Number.NaN, low: Number.NaN, high: Number.NaN }
  }
}

function figuresOf({ plan }: AskedPoint): DeploymentFigures {
  const { deployment, settings, task } = plan
  const { target } = settings
  const { warehouseLink, cost } = deployment
  return {
    sessionsPerReplica: task.load.kind === 'closed' ? task.load.sessionsPerReplica : 1,
    poolBytes: deployment.poolTokens * cost.kvBytesPerToken,
    dramBytesPerGpu: target.dramBytes,
    contextTokens: deployment.contextTokens,
    maxContextTokens: deployment.maxContextTokens,
    linkGBPerSecond: warehouseLink.readBytesPerMs / 1e6 / deployment.gpusPerReplica,
    linkLatencyMs: warehouseLink.latencyMs,
    meanOutputTokens,
    prefillMfu: mfuOf(target.gpu, { ...target, bound: 'default' }).gemm,
    hbmBandwidthShare: target.assumptions.hbmBandwidthShare.value,
  }
}
