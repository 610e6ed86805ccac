import { basename } from 'node:path'
import { backends } from '../../../backends/registry.ts'
import { type MeasuredPoint, readPoints } from '../../catalog/points.ts'
import { badInput } from '../../errors.ts'
import type { Slo } from '../../experiment/analysis/equal-service.ts'
import { type Arm, parseArm, type TierOptions } from '../../experiment/arms/arm.ts'
import { arms, byArmOrder, defaultArms } from '../../experiment/arms/registry.ts'
import { type Target, targetBlockTokens, targetDeployment } from '../../experiment/scale/deployment.ts'
import type { WorkloadSource } from '../../experiment/workload-source.ts'
import type { BackendSpec } from '../../gpu/backend.ts'
import { tileKeys } from '../../gpu/memory.ts'
import type { AdmissionSpec } from '../../plan/admission/admission.ts'
import { admissions } from '../../plan/admission/registry.ts'
import type { FetchDecision, FetchMode, FetchPart } from '../../plan/plan-input.ts'
import { routers } from '../../plan/router/registry.ts'
import type { RouterSpec } from '../../plan/router/router.ts'
import { formatCount, parseMs } from '../../units.ts'
import { type TargetOptions, targetFrom } from '../target-options.ts'
import { named } from './named.ts'
import { optionName } from './option-names.ts'
import { type ExperimentOptions, limits } from './options.ts'
import { type OwnPolicies, policiesOf } from './policies.ts'
import { sourceOf } from './source.ts'
import { type SweepAxis, sweepAxis } from './sweep-axis.ts'

/** Defaults of `run`, as its help and every report print them. */
export const defaults = {
  workload: 'agentic-coding',
  backend: 'wasm',
  replicas: 2,
  arms: defaultArms.join(','),
  admission: 'fcfs',
  policy: 'lru',
  router: 'session-affine',
  sessionsPerReplica: 8,
  budgetMs: 45_000,
  draws: 5,
  repeats: 1,
  seed: 1,
  timeScale: 1,
  thinkCapMs: 300_000,
  fetch: 'break-even',
  fetchMode: 'async',
  fetchPart: 'whole',
  out: 'reports/latest',
  /** Loads of the knee: of the default experiment, and of any other run that names none. */
  kneeSessions: [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32],
  shortKneeSessions: [1, 2, 4, 8, 16, 32],
  /** Draws under which a p95 says too little to hold arms to it. */
  serviceDraws: 3,
  slos: ['ttft=15s,tpot=100ms', 'ttft=30s,tpot=100ms'],
} as const

/** A run with everything decided that can be without reading the workload. */
export interface Settings {
  readonly source: WorkloadSource
  readonly workloadName: string
  readonly backend: BackendSpec
  /** What the run answers for, at full scale. */
  readonly target: Target
  /** Measurements that take the place of the catalogue's rates. */
  readonly points: readonly MeasuredPoint[] | undefined
  /** Of all replicas: a tensor-parallel group is one. */
  readonly gpus: number
  readonly replicas: number
  readonly arms: readonly Arm[]
  readonly router: RouterSpec
  readonly admission: AdmissionSpec
  readonly policies: TierOptions['policies']
  /** Those from files that the options name, the values of a sweep included. */
  readonly ownPolicies: OwnPolicies
  /** As given; undefined takes the default where the workload is a closed loop. */
  readonly sessionsPerReplica: number | undefined
  readonly inFlightPerReplica: number | undefined
  readonly requests: number | undefined
  readonly budgetMs: number
  readonly repeats: number
  /** Draws that are measured. */
  readonly draws: number
  readonly seed: number
  /** Planned draws as given; undefined: as many as an answer needs. */
  readonly seedsAsked: number | undefined
  /** Requests of each point of a knee that was asked for; undefined: the default. */
  readonly kneeRequests: number | undefined
  readonly slos: readonly Slo[]
  readonly sweep: SweepAxis | undefined
  /** Whether the knee is drawn without being asked for. */
  readonly isDefaultExperiment: boolean
  readonly timeScale: number
  readonly tokenScale: number | undefined
  readonly thinkCapMs: number
  readonly start: 'warm' | 'cold'
  readonly fetch: FetchDecision
  readonly fetchMode: FetchMode
  readonly fetchPart: FetchPart
  readonly blockTokens: number | undefined
  readonly warehouseBytes: number | undefined
  readonly costModelPath: string | undefined
  /** File for what happens to the HBM pools of the first arm. */
  readonly poolLogPath: string | undefined
  readonly out: string
}

/** Options that leave the default experiment what it is. */
const harmless = new Set(['backend', 'budget', 'draws', 'repeats', 'requests', 'seed', 'seeds', 'costModel', 'out'])

/**
 * Resolves names and defaults; every refusal comes before any work.
 * @param own policies from files that the options may name
 */
export function settingsOf(options: ExperimentOptions, own: OwnPolicies = new Map()): Settings {
  const backend = named('--backend', 'backend', options.backend ?? defaults.backend, backends)
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const source = sourceOf(options, backend.measures, defaults.workload)
  const isDefaultExperiment = backend.measures && given.every(([key]) => harmless.has(key))
  if (options.costModel !== undefined && !backend.measures) {
    throw badInput(
      '--cost-model',
      'the backend "model" takes its cost model from the catalogue',
      'Leave one of the two out.',
    )
  }
  for (const key of ['budget', 'draws', 'repeats'] as const) {
    if (options[key] === undefined || backend.measures) continue
    throw badInput(
      `--${key}`,
      'the backend "model" measures nothing',
      'Leave it out, or choose a backend that measures.',
    )
  }
  if (options.poolLog !== undefined && backend.measures) {
    throw badInput('--pool-log', 'only a plan writes one', plannedInstead)
  }
  for (const [key, value] of [
    ['fetchMode', 'layerwise'],
    ['fetchPart', 'beyond-break-even'],
  ] as const) {
    if (options[key] !== value || !backend.measures) continue
    throw badInput(`--${optionName(key)}`, `"${value}" cannot run with tensors`, plannedInstead)
  }
  if (options.sessionsPerReplica !== undefined && options.inFlightPerReplica !== undefined) {
    throw badInput(
      '--in-flight-per-replica',
      'a run is either a closed loop or a backlog',
      'Leave out --sessions-per-replica or --in-flight-per-replica.',
    )
  }
  if (options.inFlightPerReplica !== undefined && source.kind === 'workload') {
    throw badInput(
      '--in-flight-per-replica',
      `"${source.name}" has conversations, a backlog has none`,
      'Give --sessions-per-replica, or a trace without sessions.',
    )
  }
  const target = fullTarget(options, backend)
  const gpus = options.gpus ?? defaults.replicas * target.tensorParallel
  if (gpus % target.tensorParallel !== 0) {
    const fewer = gpus - (gpus % target.tensorParallel)
    const more = fewer + target.tensorParallel
    const fix = fewer === 0 ? `Give ${more}.` : `Give ${fewer} or ${more}.`
    throw badInput('--gpus', `${gpus} GPUs are no whole number of groups of ${target.tensorParallel}`, fix)
  }
  const replicas = gpus / target.tensorParallel
  if (replicas > limits.seats) {
    const most = `Give at most ${(limits.seats * target.tensorParallel).toLocaleString('en-US')}.`
    throw badInput('--gpus', `${formatCount(gpus, 'GPU')} are more than can be planned`, most)
  }
  return {
    source,
    workloadName: source.kind === 'trace' ? basename(source.path) : source.name,
    backend,
    target,
    points: options.points === undefined ? undefined : readPoints(options.points),
    gpus,
    replicas,
    arms: armsOf(options.arms ?? defaults.arms.split(','), backend),
    router: named('--router', 'router', options.router ?? defaults.router, routers),
    admission: named('--admission', 'order of admission', options.admission ?? defaults.admission, admissions),
    policies: policiesOf(options.policy ?? defaults.policy, own),
    ownPolicies: own,
    sessionsPerReplica: options.sessionsPerReplica,
    inFlightPerReplica: options.inFlightPerReplica,
    requests: options.requests,
    budgetMs: options.budget ?? defaults.budgetMs,
    draws: options.draws ?? defaults.draws,
    repeats: options.repeats ?? defaults.repeats,
    seed: options.seed ?? defaults.seed,
    seedsAsked: options.seeds,
    kneeRequests: options.sweep === undefined || backend.measures ? undefined : options.requests,
    slos: (options.slo === undefined ? defaults.slos : [options.slo]).map(sloOf),
    sweep: options.sweep === undefined ? undefined : sweepAxis(options.sweep),
    isDefaultExperiment,
    timeScale: options.timeScale ?? defaults.timeScale,
    tokenScale: options.tokenScale,
    thinkCapMs: options.thinkCap ?? defaults.thinkCapMs,
    start: options.cold ? 'cold' : 'warm',
    fetch: options.fetch ?? defaults.fetch,
    fetchMode: options.fetchMode ?? defaults.fetchMode,
    fetchPart: options.fetchPart ?? defaults.fetchPart,
    blockTokens: options.blockTokens,
    warehouseBytes: options.warehouseCapacity,
    costModelPath: options.costModel,
    poolLogPath: options.poolLog,
    out: options.out ?? defaults.out,
  }
}

const plannedInstead = 'Leave it out, or give --backend model.'

function armsOf(texts: readonly string[], backend: BackendSpec): Arm[] {
  const known = arms.map(({ name }) => name).join(', ')
  if (texts.length === 0) throw badInput('--arms', 'names no arm', `Known: ${known}.`)
  const chosen = texts.map((text) => parseArm(text, '--arms', arms))
  const planned = chosen.find(({ plannedOnly }) => plannedOnly !== undefined)
  if (backend.measures && planned !== undefined) {
    throw badInput('--arms', `"${planned.name}" cannot run with tensors: ${planned.plannedOnly}`, plannedInstead)
  }
  const names = chosen.map(({ name }) => name)
  const double = names.find((name, i) => names.indexOf(name) !== i)
  if (double !== undefined) throw badInput('--arms', `names "${double}" twice`, 'Name each arm once.')
  return chosen.sort((a, b) => byArmOrder(a.name, b.name))
}

/** The deployment that the options name, checked: a model that does not fit is refused here. */
function fullTarget(options: ExperimentOptions, backend: BackendSpec): Target {
  const { target } = targetFrom(definedOnly({ ...options, tp: text(options.tp), context: text(options.context) }))
  const maxContextTokens = options.maxContext ?? target.maxContextTokens
  const full = {
    ...target,
    contextTokens: options.context ?? Math.min(target.contextTokens, maxContextTokens),
    maxContextTokens,
    dramBytes: options.dram ?? target.dramBytes,
  }
  refuseLongContext(full)
  const { poolTokens } = targetDeployment(full, targetBlockTokens)
  refuseLargeBlocks(options.blockTokens, backend.measures ? tileKeys : poolTokens)
  return full
}

/** The context that sets the scale is one that the model takes. */
function refuseLongContext({ model, contextTokens, maxContextTokens }: Target): void {
  if (contextTokens <= maxContextTokens) return
  const most = formatCount(maxContextTokens, 'token')
  throw badInput(
    '--context',
    `${formatCount(contextTokens, 'token')} are more than the maximum context of ${model.name}, ${most}`,
    'Give a shorter one, or raise --max-context.',
  )
}

/** @param most tokens that a kernel takes, or that the HBM pool of a replica holds */
function refuseLargeBlocks(blockTokens: number | undefined, most: number): void {
  if (blockTokens === undefined || blockTokens <= most) return
  const what = `a block of ${formatCount(blockTokens, 'token')}`
  if (most === tileKeys) throw badInput('--block-tokens', `${what} does not fit the kernels`, `Give 1 to ${tileKeys}.`)
  const fix = `Give at most ${Math.floor(most).toLocaleString('en-US')}.`
  throw badInput('--block-tokens', `${what} is larger than the whole HBM pool of a replica`, fix)
}

type TargetTexts = { readonly [Key in keyof TargetOptions]: string | undefined }

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function definedOnly({ gpu, model, tp, weights, kv, context, link, catalog }: TargetTexts): TargetOptions {
  const given = { gpu, model, tp, weights, kv, context, link, catalog }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** "ttft=2s,tpot=50ms". */
function sloOf(text: string): Slo {
  const limits: Record<string, number | undefined> = { ttft: undefined, tpot: undefined }
  const example = 'Write --slo ttft=2s,tpot=50ms.'
  for (const part of text.split(',')) {
    const [name = '', limit] = part.split('=').map((piece) => piece.trim())
    if (!(name in limits) || limit === undefined) {
      throw badInput('--slo', `"${part}" is no limit on TTFT or TPOT`, example)
    }
    limits[name] = parseMs(limit, '--slo')
  }
  const { ttft, tpot } = limits
  if (ttft === undefined || tpot === undefined) {
    throw badInput('--slo', `"${text}" limits only one of TTFT and TPOT`, example)
  }
  if (ttft === 0 || tpot === 0) throw badInput('--slo', `"${text}" can be kept by nothing`, 'Give limits above 0.')
  return { text, ttftMs: ttft, tpotMs: tpot }
}
