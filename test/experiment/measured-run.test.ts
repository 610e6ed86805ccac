import { describe, expect, test } from 'vitest'
import { describeMismatch } from '../../src/experiment/measured/describe-mismatch.ts'
import { accountMeasured, measure } from '../../src/experiment/measured/measure.ts'
import { measureRun } from '../../src/experiment/measured/measured-run.ts'
import { AnswerBook } from '../../src/gpu/answers.ts'
import type { RunTask } from '../../src/gpu/execute-task.ts'
import { Machine } from '../../src/gpu/machine.ts'
import { createGpuMemory, kvBlock } from '../../src/gpu/memory.ts'
import { cutSlices } from '../../src/gpu/slices.ts'
import { computeWarmKv } from '../../src/gpu/warm-kv.ts'
import { initialise } from '../../src/gpu/weights.ts'
import { sessionAffine } from '../../src/plan/router/session-affine.ts'
import { seededRandom } from '../../src/random.ts'
import { inThisThread, smallLayout, smallPlans } from './small-run.ts'

const layout = smallLayout(70)
const never = new AbortController().signal

function options(backend: string, runTask: RunTask = inThisThread()) {
  return { backend, layout, repeats: 2, seed: 3, threads: 2, runTask, signal: never, onProgress: () => undefined }
}

describe('a measured run', () => {
  test('gives the same answers in all arms, and notices planted damage', async () => {
    const run = await measureRun(smallPlans(), options('wasm'))
    expect(run.answers.mismatches).toEqual([])
    expect(run.answers.answersCompared).toBeGreaterThan(500)
    expect(run.answers.blocksCompared).toBeGreaterThan(500)
    expect(run.mutant).toEqual({ logitsNoticed: true, checksumNoticed: true })
    expect([...run.figures.keys()]).toEqual(['hbm-only', 'local-dram', 'warehouse', 'infinite-cache'])
    expect(run.interrupted).toBe(false)
    expect(run.prefixesRecomputed).toBe(2)
    expect(run.answers.requests.compared).toBeGreaterThan(20)
    expect(run.completeRepeats).toBe(2)
  })

  test('keeps the five sources of prompt tokens whole in every arm', async () => {
    const { figures } = await measureRun(smallPlans({ router: sessionAffine }), options('wasm'))
    for (const { metrics } of figures.values()) {
      const { hbmHitTokens, dramHitTokens, warehouseHitTokens, firstTimeTokens, redundantTokens } = metrics
      expect(hbmHitTokens + dramHitTokens + warehouseHitTokens + firstTimeTokens + redundantTokens).toBe(
        metrics.promptTokens,
      )
      const { busyShare, stalledShare, starvedShare } = metrics
      expect(busyShare + stalledShare + starvedShare).toBeCloseTo(1, 9)
    }
  })

  test('gives the bits of the reference with the portable kernels', async () => {
    const [reference, kernels] = await Promise.all([answersOf('reference'), answersOf('wasm-simd')])
    expect(kernels).toEqual(reference)
  })

  test('ends a whole run with what was measured when it is interrupted', async () => {
    const abort = new AbortController()
    const arms = await machines(smallPlans({ requests: 60 }))
    const warm = await computeWarmKv(arms[0]!.machine.plan, 'wasm', layout, weights(), 2, inThisThread())
    let turns = 0
    const stop = () => {
      if (++turns === 5) abort.abort()
    }
    const { interrupted, arms: measured } = await measure(
      arms,
      2,
      warm,
      seededRandom(1),
      inThisThread(),
      stop,
      abort.signal,
    )
    expect(interrupted).toBe(true)
    const reached = measured.map(({ repeats }) => repeats[0]!.filter(Number.isFinite).length)
    expect(Math.max(...reached)).toBeGreaterThan(0)
    for (const arm of measured) accountMeasured(arm, arm.repeats[0]!, 1)
  })
})

describe('a wrong block', () => {
  test('is found in the checksums and named by layer and position', async () => {
    const [arm] = await machines(smallPlans())
    const { machine } = arm!
    const runTask = inThisThread()
    const warm = await computeWarmKv(machine.plan, 'wasm', layout, weights(), 1, runTask)
    const book = new AnswerBook()
    const [slice] = cutSlices(machine.plan, 1)
    machine.reset(warm)
    for (const result of await machine.run(slice!, runTask)) {
      book.check('first', machine.plan.ops[result.segment.replica]!, result, layout.blockTokens)
    }
    machine.reset(warm)
    const results = await machine.run(slice!, runTask)
    // A block that lies where the last step completed it: flip one bit there and in its checksum.
    const { segment, result } = results[0]!
    const ops = machine.plan.ops[segment.replica]!
    const completed = ops.flatMap((op) => (op.kind === 'step' ? op.completed : []))
    const { slot } = completed.at(-1)!
    const bytes = kvBlock(machine.gpus[segment.replica]!, slot)
    // [layer 1][K][dimension 0][position 2]
    const word = layout.shape.headDim * layout.blockTokens * 2 + 2
    bytes[word * 4]! ^= 1
    const checksums = [...result.checksums]
    checksums[checksums.length - 1] = 'f'.repeat(16)
    book.check('second', ops, { segment, result: { ...result, checksums } }, layout.blockTokens)
    expect(book.mismatches).toHaveLength(1)
    const told = await describeMismatch(book.mismatches[0]!, machine, 'wasm', 3, runTask)
    expect(told).toMatch(
      /^second: block \d+ of request \d+:\d+:\d+ differs from that of first: layer 1, KV head 0, K, position \d+$/,
    )
    const position = Number(/position (\d+)/.exec(told)![1])
    expect(position % layout.blockTokens).toBe(2)
  })
})

function weights() {
  const memory = createGpuMemory(layout)
  initialise(memory, 3)
  return memory
}

async function machines(plans: ReturnType<typeof smallPlans>) {
  const from = weights()
  return plans.map(({ name, gpusPerReplica, input, plan }) => ({
    name,
    gpusPerReplica,
    input,
    machine: new Machine(name, 'wasm', plan, layout, from),
  }))
}

async function answersOf(backend: string): Promise<unknown[]> {
  const [plan] = smallPlans({ requests: 4 })
  const from = weights()
  const machine = new Machine('one', backend, plan!.plan, layout, from)
  const runTask = inThisThread()
  machine.reset(await computeWarmKv(plan!.plan, backend, layout, from, 1, runTask))
  const results = await machine.run(cutSlices(plan!.plan, 1)[0]!, runTask)
  return results
    .sort((a, b) => a.segment.replica - b.segment.replica || a.segment.from - b.segment.from)
    .map(({ segment, result }) => [
      segment.replica,
      segment.from,
      [...result.logitsHashes],
      [...result.choices],
      result.checksums,
    ])
}
