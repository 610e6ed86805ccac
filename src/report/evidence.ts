import { formatCount, formatInterval, formatNumber, formatRatio, formatShare } from '../units.ts'
import { armNames, armPhrase, ceilingArm, headlineArm, inArmOrder } from './arms.ts'
import { aboveCeiling, aboveCeilingWords, crossCheckedOff, isPlanOff, planOffWords, runAgain } from './doubts.ts'
import type { Report } from './report.ts'
import { unevenReplicas } from './tables/replicas.ts'
import { hasMeasuredPoints, modelValidation, withoutPoints } from './words/measured-points.ts'
import { expectedWords } from './words/scale.ts'
import { idleRequests, loadedNotValidated, missedAims, testedTimes } from './words/validation.ts'

/** A small line under the answer; one that weakens it is told apart. */
export interface EvidenceLine {
  readonly topic: string
  readonly text: string
  readonly sound: boolean
}

/** Starved for more than this, an arm is limited by the load on offer. */
const starvedLimit = 0.1

/** What the answer rests on, the most important first. */
export function evidenceLines(report: Report): EvidenceLine[] {
  return [
    interruption(report),
    trust(report),
    answers(report),
    controls(report),
    saturation(report),
    target(report),
    shortWindow(report),
    correction(report),
    unlikeWindows(report),
    starvedUsers(report),
    scaleAgreement(report),
    credentials(report),
    crossCheck(report),
    ceiling(report),
    planError(report),
    singleWindows(report),
    timing(report),
    fabric(report),
    copies(report),
    cut(report),
  ].filter((line) => line !== undefined)
}

function interruption({ partial }: Report): EvidenceLine | undefined {
  if (!partial) return undefined
  return line('Partial', 'interrupted; the figures are from what was done until then', false)
}

function trust(report: Report): EvidenceLine {
  const { setup, costModel, window } = report
  const requests = plannedDraws(report)
  if (report.trust === 'tensors') {
    const draws = formatCount(report.measuredDraws.length, 'draw')
    const measured = `${draws} of the workload, ${formatCount(window.requests, 'request')} in all`
    return line(
      'Measured',
      `real tensors on mock GPUs of this machine, ${setup.backend}: ${measured}; planned: ${requests}`,
    )
  }
  if (report.trust === 'fitted') {
    const error = costModel.fitErrorRelative === null ? '' : ` (fit error ${formatShare(costModel.fitErrorRelative)})`
    return line('Planned', `a cost model fitted to this machine’s kernels${error}, ${requests}`)
  }
  return line('Planned', `${catalogueWords(report)}, ${requests}`)
}

/** "20 draws of 2,000 requests after 128 that settle, warm start". */
function plannedDraws({ plannedWindow, window }: Report): string {
  const { draws, requests, settleRequests } = plannedWindow
  if (requests === null) return `all requests of the trace, ${window.start} start`
  const settled = settleRequests === 0 ? '' : ` after ${settleRequests.toLocaleString('en-US')} that settle`
  return `${formatCount(draws, 'draw')} of ${formatCount(requests, 'request')}${settled}, ${window.start} start`
}

function catalogueWords(report: Report): string {
  const { gpu, model } = report.setup
  return hasMeasuredPoints(report)
    ? `a cost model with rates fitted to measured points of ${withoutPoints(gpu)}, with ${model}; the run itself is planned`
    : `the catalogue’s cost model of ${gpu} with ${model}, nothing measured`
}

/** The deployment that the answer is about. */
function target({ target, setup, trust, workload }: Report): EvidenceLine {
  const { gpu, gpus, tensorParallel, replicas, model, weightFormat, kvFormat, warehouseLink } = target
  const groups =
    tensorParallel === 1 ? '' : ` as ${formatCount(replicas, 'replica')} of ${tensorParallel} (TP ${tensorParallel})`
  const stand =
    trust === 'catalogue'
      ? ''
      : `; ${formatCount(setup.replicas, 'mock GPU')} stand for ${replicaWords(tensorParallel)}`
  return line(
    'Target',
    `${gpus.toLocaleString('en-US')} × ${gpu}${groups}, ${model}, weights ${weightFormat}, KV ${kvFormat}, warehouse over ${warehouseLink}; ${promptWords(workload)}${stand}`,
  )
}

function replicaWords(tensorParallel: number): string {
  return tensorParallel === 1 ? 'a GPU each' : `a replica of ${tensorParallel} GPUs each`
}

function answers({ verification }: Report): EvidenceLine {
  if (verification === null) return line('Answers', 'not compared, since no tensors were computed')
  const { requestsCompared, requests, mismatches, blocksCompared, mutantDetected } = verification
  if (mismatches > 0) {
    const differ =
      mismatches === 1 ? '1 comparison differs' : `${mismatches.toLocaleString('en-US')} comparisons differ`
    return line('Answers', `${differ} between arms: they did not do the same work, do not trust the multiplier`, false)
  }
  if (requestsCompared === 0) return line('Answers', 'no request was run by two arms, so none was compared')
  const same = `${requestsCompared.toLocaleString('en-US')} of ${formatCount(requests, 'request')} ran in two arms or more, all with the same logits`
  const blocks = blocksCompared > 0 ? `, ${formatCount(blocksCompared, 'KV block')} compared` : ''
  if (mutantDetected === false)
    return line('Answers', `${same}, but planted damage went unnoticed: the check proves nothing`, false)
  return line(
    'Answers',
    `${same}${blocks}, ${mutantDetected === null ? 'no damage was planted' : 'planted damage was noticed'}`,
  )
}

function controls({ controls }: Report): EvidenceLine {
  if (controls.length === 0) return line('Controls', 'none ran', false)
  const failed = controls.filter(({ passed }) => !passed)
  const count = `${controls.length - failed.length} of ${controls.length} as expected`
  if (failed.length === 0) return line('Controls', count)
  const told = failed.map((one) => `${one.name} (${one.measured.toFixed(3)}, not ${expectedWords(one)})`)
  return line('Controls', `${count}; failed: ${told.join('; ')}`, false)
}

function saturation(report: Report): EvidenceLine | undefined {
  const names = armNames(report)
  if (names.length === 0 || report.window.seconds === 0) return undefined
  const starved = names.filter((name) => report.arms[name]!.starvedShare > starvedLimit)
  if (starved.length === 0) return line('Load', 'every arm saturated: none out of requests for over 10 % of its time')
  if (starved.length === names.length) {
    return line('Load', 'no arm saturated: each was out of requests for over 10 % of its time', false)
  }
  const told = starved.map((name) => `${armPhrase(name)} ${formatShare(report.arms[name]!.starvedShare)} of its time`)
  return line('Load', `not saturated, out of requests: ${told.join(', ')}`, false)
}

/** Fewer requests than this for each seat, and a planned window holds no conversation to its end. */
const requestsPerSeat = 2

function shortWindow({ plannedWindow, window }: Report): EvidenceLine | undefined {
  const { seats } = plannedWindow
  const requests = plannedWindow.requests ?? window.requests
  if (requests >= requestsPerSeat * seats && requests > 0) return undefined
  const told = formatCount(requests, 'request')
  return line('Window', `short, ${told} for ${formatCount(seats, 'seat')}: give more --requests`, false)
}

/** A correction beyond this says that the cost model is not one of this machine. */
const largeCorrection = 1.25

function correction(report: Report): EvidenceLine | undefined {
  const arm = headlineArm(report)
  const figure = arm === undefined ? undefined : report.multiplier[arm]
  if (figure?.correction == null) return undefined
  const { value, low, high } = figure.correction
  const range = low === null || high === null ? '' : ` (${formatInterval(low, high)})`
  const draws = formatCount(figure.draws.measured, 'measured draw')
  const isLarge = value > largeCorrection || value < 1 / largeCorrection
  return line(
    'Correction',
    `measured ÷ planned on the same requests ${formatRatio(value)}${range}, over ${draws}; it is in the answer`,
    !isLarge,
  )
}

/** Ceilings of two arms further apart than this, and their windows hold noticeably different work. */
const unlikeCeilings = 0.02

function unlikeWindows(report: Report): EvidenceLine | undefined {
  const ceilings = armNames(report).map((name) => report.arms[name]!.ceilingHitRate)
  const [low, high] = [Math.min(...ceilings), Math.max(...ceilings)]
  if (!(high - low > unlikeCeilings)) return undefined
  const range = `${formatShare(low)} to ${formatShare(high)}`
  return line('Windows', `not alike: as many requests in each arm, but others, with ceilings from ${range}`, false)
}

function starvedUsers(report: Report): EvidenceLine | undefined {
  const uneven = unevenReplicas(report)
  if (uneven.length === 0) return undefined
  return line('Replicas', `an average hides users who starve: ${uneven.join('; ')}`, false)
}

function scaleAgreement({ scaleComparison }: Report): EvidenceLine | undefined {
  if (scaleComparison === undefined) return undefined
  const { agrees, arms, reasons } = scaleComparison
  if (agrees) return line('Scale', 'measured on the mock and planned for the target, every multiplier within 15 %')
  const off = inArmOrder(Object.keys(arms))
    .filter((name) => Math.abs(arms[name]!.difference) > 0.15)
    .map((name) => `${name} ${formatRatio(arms[name]!.mock)} against ${formatRatio(arms[name]!.target)}`)
  const why =
    reasons.length === 0
      ? 'no ratio explains it'
      : `ratios that are off: ${reasons.map(({ ratio }) => ratio).join(', ')}`
  return line('Scale', `the mock is more than 15 % from the target: ${off.join('; ')}; ${why}`, false)
}

function credentials(report: Report): EvidenceLine | undefined {
  const validation = modelValidation(report)
  if (validation === undefined || report.trust !== 'catalogue') return undefined
  const { timesMedianRelativeError: median, timesWorstRelativeError: worst, rows } = validation
  const tested = testedTimes(rows)
  if (tested === 0) return undefined
  return line(
    'Model',
    `off by ${formatShare(median)} (median) and ${formatShare(worst)} (worst) from ${formatCount(tested, 'independent published time')} of ${idleRequests}; ${loadedNotValidated}`,
    missedAims(median, worst) === '',
  )
}

function crossCheck(report: Report): EvidenceLine | undefined {
  const off = crossCheckedOff(report)
  if (off.length === 0) return undefined
  const told = off.map((name) => `${name} ${formatRatio(report.multiplier[name]!.minimaRatio!)}`)
  return line('Cross-check', `per-step minima lie outside the interval: ${told.join(', ')}; ${runAgain}`, false)
}

function ceiling(report: Report): EvidenceLine | undefined {
  const above = aboveCeiling(report)
  if (above.length === 0) return undefined
  const told = above.map((name) => `${name} ${formatRatio(report.multiplier[name]!.value)}`)
  const most = formatRatio(report.multiplier[ceilingArm]!.value)
  return line('Ceiling', `${told.join(', ')} against ${most} of ${ceilingArm}, ${aboveCeilingWords(report)}`, false)
}

/** Planned figures stand beside measured ones: how far the plan of this run was from its measurement. */
function planError(report: Report): EvidenceLine | undefined {
  const { planErrorRelative } = report.costModel
  if (planErrorRelative === null) return undefined
  const off = isPlanOff(report)
  const error = formatShare(Math.abs(planErrorRelative))
  const told = `planned time off by ${error} from the measured one, worst arm${off ? `; ${planOffWords(report)}` : ''}`
  return line('Plan', told, !off)
}

/** Single windows that agree as well as this are not worth a line. */
const narrowSpread = 1.03

/** What a single window shows: more than the answer leaves open, and what a reader's own week may look like. */
function singleWindows(report: Report): EvidenceLine | undefined {
  const arm = headlineArm(report)
  const draws = arm === undefined ? undefined : report.multiplier[arm]?.draws
  if (draws === undefined || draws.spreadLow === null || draws.spreadHigh === null) return undefined
  if (draws.spreadHigh / draws.spreadLow < narrowSpread) return undefined
  const { requests } = report.plannedWindow
  const window = requests === null ? 'one replay' : `one window of ${formatCount(requests, 'request')}`
  const range = formatInterval(draws.spreadLow, draws.spreadHigh)
  return line(
    'Single windows',
    `${window} may show ${range}${report.trust === 'tensors' ? ', as planned' : ''}; you will see one such window, not the mean`,
  )
}

/** Noise of the clock and of the machine in one measured draw: no error of the answer by itself. */
function timing(report: Report): EvidenceLine | undefined {
  const arm = headlineArm(report)
  const noise = arm === undefined ? null : (report.multiplier[arm]?.timingNoise ?? null)
  if (noise === null) return undefined
  const from = report.setup.repeats > 1 ? `from ${report.setup.repeats} repeats` : 'at most, from neighbouring slices'
  return line('Timing', `±${formatShare(noise)} in one measured draw, ${from}; it is no error of the answer by itself`)
}

function fabric(report: Report): EvidenceLine | undefined {
  const { fabricUnlimited, link } = report.setup
  if (!fabricUnlimited || !armNames(report).some((name) => name.includes('warehouse'))) return undefined
  return line('Fabric', `unlimited: no total is stated for ${link}, each GPU link and host is the only limit`)
}

function copies({ verification }: Report): EvidenceLine | undefined {
  if (verification === null || verification.copiesSlowerThanLink === 0) return undefined
  const { copies, copiesSlowerThanLink } = verification
  return line(
    'Copies',
    `${copiesSlowerThanLink.toLocaleString('en-US')} of ${formatCount(copies, 'fetch', 'fetches')} took longer than the link whose time is counted`,
  )
}

/** Left out more than this of the prompt tokens, and the answer is about a part of the workload. */
const largeCut = 0.1

function cut({ cut }: Report): EvidenceLine | undefined {
  if (cut.requests === 0) return undefined
  const share = cut.promptTokens / (cut.promptTokens + cut.keptPromptTokens)
  const conversations = formatCount(cut.conversationsCut + cut.conversationsDropped, 'conversation')
  const left = `${formatShare(share)} of the prompt tokens (${formatCount(cut.requests, 'request')} of ${conversations})`
  return line(
    'Left out',
    `${left}: longer than the context or the smallest pool, in every arm alike`,
    share <= largeCut,
  )
}

/** "prompts of 67,500 tokens, nine of ten below 121,000". */
export function promptWords({ promptMeanTokens, promptP90Tokens }: Report['workload']): string {
  return `prompts of ${formatNumber(promptMeanTokens)} tokens on average, nine of ten below ${formatNumber(promptP90Tokens)}`
}

function line(topic: string, text: string, sound = true): EvidenceLine {
  return { topic, text, sound }
}
