import { basename, join } from 'node:path'
import { loadPolicy } from '../cache/load-policy.ts'
import { policies as registry } from '../cache/policies/registry.ts'
import type { PolicySpec } from '../cache/policy.ts'
import { badInput, exitCodes, unknownName } from '../errors.ts'
import { logHistogram } from '../lab/histogram.ts'
import { type LabReport, withHeadroom } from '../lab/lab-report.ts'
import { loadStream } from '../lab/load-stream.ts'
import { missRatioCurve } from '../lab/miss-ratio-curve.ts'
import { type ReferenceStream, requestCount } from '../lab/reference-stream.ts'
import { refuseIgnorant, type TokenCost, unknowable } from '../lab/replay/facts.ts'
import type { LabTask, PolicyHits, TwoTierHits } from '../lab/replay/policy-task.ts'
import type { TouchOrder } from '../lab/replay/replay.ts'
import { inTouchOrder } from '../lab/replay/touch-order.ts'
import { reuseTimesMs } from '../lab/reuse.ts'
import { stackDistances } from '../lab/stack-distances.ts'
import type { LoadedStream } from '../lab/stream/collector.ts'
import { rooflineCost } from '../plan/roofline.ts'
import { routers } from '../plan/router/registry.ts'
import { renderLabJson } from '../report/lab/json.ts'
import { renderLabTerminal } from '../report/lab/terminal.ts'
import { writeLab } from '../report/lab/write.ts'
import { parseCount } from '../units.ts'
import { replayPoolLog } from './pool-log.ts'
import { openProgress } from './progress/progress.ts'
import { readProgress } from './progress/read-progress.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { defaults } from './run/settings.ts'
import { openThreads, type Threads } from './run/threads.ts'
import { targetFrom } from './target-options.ts'
import { terminal } from './terminal.ts'

/** Options of `policies` as the command line gives them. */
export interface PoliciesOptions {
  readonly trace?: string
  readonly poolLog?: string
  readonly capacity?: string
  readonly policies?: string
  readonly touch?: string
  readonly sessions?: string
  readonly limit?: string
  readonly sharePrefix?: boolean
  readonly skipBadRows?: boolean
  readonly gpus?: string
  readonly router?: string
  readonly warehouseBlocks?: string
  readonly warehousePolicy?: string
  readonly model?: string
  readonly catalog?: string
  readonly out?: string
  /** Folder for each chart as an SVG file. */
  readonly svg?: string
  readonly json?: boolean
}

/** LRU and Belady are what every result is held against. */
const always = ['lru', 'belady']

/** Sizes where none are given, as shares of the distinct blocks. */
const shares = [0.01, 0.05, 0.2]

/** Replays a trace under eviction policies, writes what they hit and prints it. Returns the exit code. */
export async function policies(options: PoliciesOptions): Promise<number> {
  const { trace, poolLog } = options
  if (poolLog !== undefined) {
    if (trace !== undefined) throw badInput('--pool-log', 'and --trace are two things', 'Give one of them.')
    return replayPoolLog(poolLog, options.policies, options.json === true)
  }
  if (trace === undefined) throw badInput('--trace', 'is missing', 'Give a trace: memwall policies --trace FILE.')
  const started = performance.now()
  const touch = touchOf(options.touch ?? 'head')
  const asked = await asksFor(options)
  const tiers = tiersOf(options)
  if (tiers !== undefined) await loadPolicy(tiers.warehousePolicy, '--warehouse-policy', registry)
  const sizes = options.capacity === undefined ? undefined : sizesOf(options.capacity, '--capacity')
  const cost = costOf(options)
  const out = options.out ?? defaults.out
  refuseUnwritable('--out', out)
  if (options.svg !== undefined) refuseUnwritable('--svg', options.svg)
  const reading = openProgress()
  const limit = options.limit === undefined ? undefined : sizeOf(options.limit, '--limit')
  const loaded = await loadStream(trace, {
    sessions: options.sessions === undefined ? undefined : sizeOf(options.sessions, '--sessions'),
    limit,
    sharePrefix: options.sharePrefix,
    skipBadRows: options.skipBadRows,
    onRead: readProgress(reading, limit),
  }).finally(reading.stop)
  const { stream } = loaded
  const { chosen, leftOut } = knowable(asked, stream)
  const capacities = sizes ?? shares.map((share) => Math.max(1, Math.round(share * stream.distinctBlocks)))
  const shared = { stream, touch, cost }
  const tasks: LabTask[] = [
    ...capacities.flatMap((capacityBlocks) =>
      chosen.map((policy): LabTask => ({ kind: 'policy', policy, capacityBlocks, ...shared })),
    ),
    { kind: 'policy', policy: 'lru', capacityBlocks: stream.distinctBlocks, ...shared },
    ...(tiers === undefined
      ? []
      : capacities.flatMap((hbmBlocks) =>
          chosen.map((hbmPolicy): LabTask => ({ kind: 'twoTier', hbmPolicy, hbmBlocks, ...tiers, ...shared })),
        )),
  ]
  const found = await runAll(tasks)
  const single = found.filter((hits): hits is PolicyHits => 'policy' in hits)
  const infinite = single.pop()!
  const report: LabReport = {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    trace: traceOf(trace, loaded, infinite, leftOut),
    touch,
    model: options.model ?? 'llama-3.1-70b',
    capacities,
    results: withHeadroom(single),
    infinite,
    ...reuseOf(stream, touch),
    twoTier: found.filter((hits): hits is TwoTierHits => 'gpus' in hits),
    seconds: (performance.now() - started) / 1000,
  }
  makeFolder(out)
  writeLab(out, report, options.svg)
  const { width } = terminal()
  const shown = renderLabTerminal(report, width)
  process.stdout.write(options.json === true ? renderLabJson(report) : `${shown}\n${join(out, 'policies.html')}\n`)
  return exitCodes.done
}

/** Policies to run, by the text that names them; `named`: those that somebody named one by one. */
async function asksFor({
  policies: text = 'all',
}: PoliciesOptions): Promise<{ specs: Map<string, PolicySpec>; named: readonly string[] }> {
  const named = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'all')
  const all = text.split(',').length > named.length ? registry.map(({ name }) => name) : []
  if (named.some((name) => name === '')) throw badInput('--policies', 'names an empty policy', 'Write lru,arc.')
  const specs = new Map<string, PolicySpec>()
  for (const text of new Set([...all, ...named, ...always]))
    specs.set(text, await loadPolicy(text, '--policies', registry))
  refuseNamesakes([...specs.values()])
  return { specs, named }
}

/** Results are told apart by the policy's name, so a file of one's own may not take that of LRU, say. */
function refuseNamesakes(specs: readonly PolicySpec[]): void {
  const names = specs.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    throw badInput('--policies', `two policies are called "${twice}"`, 'Give each a name of its own.')
}

/** Policies that know what the trace does not tell are refused, and left out where all were asked for. */
function knowable({ specs, named }: Awaited<ReturnType<typeof asksFor>>, stream: ReferenceStream) {
  const chosen: string[] = []
  const leftOut: string[] = []
  for (const [text, { name, knows }] of specs) {
    if (named.includes(text)) refuseIgnorant(name, knows, stream)
    if (unknowable(knows, stream) === undefined) chosen.push(text)
    else leftOut.push(name)
  }
  return { chosen, leftOut }
}

interface Tiers {
  readonly gpus: number
  readonly router: string
  readonly warehousePolicy: string
  readonly warehouseBlocks: number
}

function tiersOf({ gpus, router, warehouseBlocks, warehousePolicy }: PoliciesOptions): Tiers | undefined {
  if (gpus === undefined) {
    const alone = Object.entries({
      '--router': router,
      '--warehouse-blocks': warehouseBlocks,
      '--warehouse-policy': warehousePolicy,
    })
    const given = alone.find(([, value]) => value !== undefined)
    if (given !== undefined) throw badInput(given[0], 'is about two tiers', 'Give --gpus too.')
    return undefined
  }
  const name = router ?? 'session-affine'
  const known = routers.map((one) => one.name)
  if (!known.includes(name)) throw unknownName('--router', 'router', name, known)
  return {
    gpus: sizeOf(gpus, '--gpus'),
    router: name,
    warehousePolicy: warehousePolicy ?? 'lru',
    warehouseBlocks:
      warehouseBlocks === undefined || warehouseBlocks === 'all'
        ? Number.POSITIVE_INFINITY
        : sizeOf(warehouseBlocks, '--warehouse-blocks'),
  }
}

function touchOf(text: string): TouchOrder {
  if (text === 'head' || text === 'tail') return text
  throw unknownName('--touch', 'order', text, ['head', 'tail'])
}

function sizesOf(text: string, flag: string): number[] {
  const sizes = text.split(',').map((one) => sizeOf(one.trim(), flag))
  return [...new Set(sizes)].sort((a, b) => a - b)
}

function sizeOf(text: string, flag: string): number {
  const count = parseCount(text, flag)
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw badInput(flag, `is ${text}`, 'It must be a whole number, at least 1.')
}

/** FLOPs and bytes of the model that the recompute cost is counted for. */
function costOf({ model, catalog }: PoliciesOptions): TokenCost {
  const { target } = targetFrom({ ...(model !== undefined && { model }), ...(catalog !== undefined && { catalog }) })
  const cost = rooflineCost(target.gpu, target.model)
  return {
    linearFlops: cost.layerFlopsPerToken,
    flopsPerPosition: cost.attentionFlopsPerPair,
    kvBytes: cost.kvBytesPerToken,
  }
}

/** Over all cores, a task a policy and size. */
async function runAll(tasks: readonly LabTask[]): Promise<(PolicyHits | TwoTierHits)[]> {
  const abort = new AbortController()
  const threads: Threads = openThreads(abort.signal)
  const progress = openProgress(2 * threads.count)
  let done = 0
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const hits = await threads.lab(task)
        progress.show(`replaying policies, ${++done} of ${tasks.length} replays`, done / tasks.length)
        return hits
      }),
    )
  } finally {
    progress.stop()
    await threads.close()
  }
}

function traceOf(
  path: string,
  { format, stream, skipped }: LoadedStream,
  infinite: PolicyHits,
  leftOut: readonly string[],
): LabReport['trace'] {
  const without = `Left out, since the trace does not tell what they must know: ${leftOut.join(', ')}.`
  return {
    file: basename(path),
    format,
    requests: requestCount(stream),
    blockReferences: stream.blocks.length,
    distinctBlocks: stream.distinctBlocks,
    blockTokens: stream.blockTokens,
    ceilingHitRate: infinite.anyBlockHitRate,
    skippedRows: skipped.rows,
    notes: [...stream.notes, ...(leftOut.length === 0 ? [] : [without])],
  }
}

function reuseOf(
  stream: ReferenceStream,
  touch: TouchOrder,
): Pick<LabReport, 'lruCurve' | 'reuseDistances' | 'reuseTimes'> {
  const distances = stackDistances(inTouchOrder(stream, touch), stream.distinctBlocks)
  const references = stream.blocks.length
  return {
    lruCurve: missRatioCurve(distances, stream.distinctBlocks),
    reuseDistances: logHistogram(
      distances.filter((distance) => distance >= 0),
      1,
      references,
    ),
    reuseTimes: stream.isTimed
      ? logHistogram(
          reuseTimesMs(stream).map((ms) => ms / 1000),
          0.1,
          references,
        )
      : [],
  }
}
