import type { Claim, ClaimVariant } from '../../../claims/claim.ts'
import { badInput } from '../../../errors.ts'
import type { Adjustments } from '../../../experiment/adjust.ts'
import { meanPromptTokens } from '../../../experiment/mean-prompt.ts'
import { formatCount, formatNumber } from '../../../units.ts'
import { load } from '../../run/run-context.ts'
import { defaults } from '../../run/settings.ts'
import { readsRuns } from '../asked-point.ts'
import { asStated, claimPlan } from '../claim-point.ts'
import type { BuyerDeployment } from './deployment-file.ts'

/** A claim's experiment on the buyer's GPUs, its workload brought to the buyer's contexts. */
export interface BuyerExperiment {
  readonly variant: ClaimVariant
  readonly options: Readonly<Record<string, unknown>>
  readonly adjustments: Adjustments
  /** What was done to the workload; empty where nothing was. */
  readonly scaled: string
  /** GPUs that the buyer has; fewer are planned where each replica is on its own. */
  readonly gpus: number
}

/** Groups that stand for all where conversations stay where they began: each is on its own. */
const plannedGroups = 2
/** How near the mean prompt must come to the buyer's. */
const near = 0.01
const mostTries = 6

/** @param arms of the claim's experiment, its baseline among them */
export async function buyerExperiment(
  claim: Claim,
  buyer: BuyerDeployment,
  arms: readonly string[],
  baseline: string,
): Promise<BuyerExperiment> {
  const { 'sessions-per-replica': sessions, ...others } = buyer.options
  // A backlog has no conversations: its load stays the claim's own.
  const isClosed = claim.experiment['in-flight-per-replica'] === undefined
  const gpus = Number(buyer.options.gpus)
  const options = {
    ...others,
    ...(isClosed ? { 'sessions-per-replica': sessions } : {}),
    gpus: isSeparable(claim) ? Math.min(gpus, plannedGroups * Number(buyer.options.tp)) : gpus,
    arms,
  }
  const plain = { variant: { ...asStated, baseline }, options, adjustments: {}, scaled: '', gpus }
  const { contextTokens } = buyer
  if (contextTokens === undefined) return plain
  if (!readsRuns(claim) || !isClosed) return { ...plain, options: { ...options, context: contextTokens } }
  return { ...plain, ...(await scaledTo(claim, buyer, plain, contextTokens)) }
}

/** Each group serves its own conversations, from a warehouse that is never full. */
function isSeparable({ experiment }: Claim): boolean {
  const { router = defaults.router } = experiment
  return router === 'session-affine' && experiment['warehouse-capacity'] === undefined
}

/** Scales prompts until their mean is the buyer's context; outputs stay as they are. */
async function scaledTo(
  claim: Claim,
  buyer: BuyerDeployment,
  { variant, options }: Pick<BuyerExperiment, 'variant' | 'options'>,
  contextTokens: number,
): Promise<Pick<BuyerExperiment, 'options' | 'adjustments' | 'scaled'>> {
  const meanAt = async (factor: number): Promise<number> => {
    const plan = claimPlan(claim, variant, options, { contextFactor: factor })
    return plan === undefined
      ? Number.NaN
      : meanPromptTokens(await load(plan.settings, plan.deployment, plan.task.seed))
  }
  let factor = 1
  for (let tries = 0; tries < mostTries; tries++) {
    const mean = await meanAt(factor)
    if (Math.abs(mean / contextTokens - 1) <= near) return { ...scaledBy(factor, options, contextTokens) }
    factor *= contextTokens / mean
    if (!(factor > 0)) break
  }
  throw badInput(
    `${buyer.shown} context`,
    `prompts of ${claim.id} cannot be scaled to a mean of ${formatCount(contextTokens, 'token')} within the model’s context`,
    'Give a shorter context: the mean prompt of your requests, not the longest.',
  )
}

function scaledBy(
  factor: number,
  options: BuyerExperiment['options'],
  contextTokens: number,
): Pick<BuyerExperiment, 'options' | 'adjustments' | 'scaled'> {
  const scaled = `prompts scaled by ${formatNumber(factor)} to your mean of ${formatCount(contextTokens, 'token')}, outputs as they are`
  // What sets the scale of predictions is scaled along with the prompts, and so comes out as given.
  const context = Math.round(contextTokens / factor)
  return { options: { ...options, context }, adjustments: { contextFactor: factor }, scaled }
}
