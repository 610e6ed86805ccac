import { describe, expect, it } from 'vitest'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import { parameterSweep, refuseBadSweep, settingsAt } from '../../../src/commands/run/parameter-sweep.ts'
import type { RunFigures } from '../../../src/commands/run/run-figures.ts'
import { settingsOf } from '../../../src/commands/run/settings.ts'
import { drawSeeds } from '../../../src/experiment/draws/window.ts'
import type { PlanTask } from '../../../src/experiment/sweep/plan-task.ts'
import type { Load } from '../../../src/plan/plan-input.ts'
import { planHere } from '../../experiment/small-task.ts'

const flags = {
  backend: 'model',
  gpu: 'h100-sxm',
  model: 'llama-3.1-8b',
  arms: 'hbm-only,local-dram,warehouse',
  params: { conversations: 10, turnsMedian: 8 },
  requests: '30',
  seeds: '1',
}
const closed: Load = { kind: 'closed', seats: 16, start: 'warm', timeScale: 1, thinkCapMs: 300_000 }

/** Sweeps with a planner that keeps what it is asked. */
async function swept(sweep: string, more: Record<string, unknown> = {}, load: Load = closed) {
  const options = checkFlags({ ...flags, ...more, sweep })
  const tasks: PlanTask[] = []
  const figures = { load } as RunFigures
  const result = await parameterSweep(options, settingsOf(options), figures, (task) => {
    tasks.push(task)
    return planHere(task)
  })
  return { result: result!, tasks }
}

describe('a sweep of another parameter than the load', () => {
  it('changes only what it is about: DRAM helps the arm that has some', async () => {
    // Windows of two arms hold other requests: short ones would be told apart by chance.
    const { result, tasks } = await swept('dram=8GB,64GB,512GB', { requests: '600' })
    expect(result).toMatchObject({ parameter: 'dram', seeds: 1, requests: 600 })
    expect(result.points.map(({ value }) => value)).toEqual(['8GB', '64GB', '512GB'])
    const rates = (arm: string): number[] => result.points.map(({ arms }) => arms[arm]!.tokensPerGpuSecond)
    expect(new Set(rates('hbm-only')).size).toBe(1)
    expect(new Set(rates('warehouse')).size).toBe(1)
    const hits = result.points.map(({ arms }) => arms['local-dram']!.hitRate)
    expect(hits).toEqual([...hits].sort((a, b) => a - b))
    expect(hits[2]).toBeGreaterThan(hits[0]!)
    expect(tasks.map(({ deployment }) => deployment.dramBytes)).toEqual([8e9, 64e9, 512e9])
    for (const { multiplier, arms } of result.points) {
      const ratio = arms.warehouse!.tokensPerGpuSecond / arms['hbm-only']!.tokensPerGpuSecond
      expect(multiplier.warehouse!.mean).toBeCloseTo(ratio, 12)
    }
  })

  it('over links, one of them in a word', async () => {
    const { result, tasks } = await swept('link=1GB/s,50ms;weka-amg', { fetch: 'always', requests: '600' })
    const [slow, fast] = result.points
    expect(slow!.arms.warehouse!.tokensPerGpuSecond).toBeLessThan(fast!.arms.warehouse!.tokensPerGpuSecond)
    expect(slow!.arms['hbm-only']).toEqual(fast!.arms['hbm-only'])
    expect(tasks[0]!.deployment.warehouseLink.latencyMs).toBe(50)
  })

  it('over groups of GPUs, each with the seats of its own replicas', async () => {
    const { result, tasks } = await swept('tp=1,2', { gpus: '4' })
    expect(tasks.map(({ settings, deployment }) => [settings.replicas, deployment.gpusPerReplica])).toEqual([
      [4, 1],
      [2, 2],
    ])
    for (const { load } of tasks) expect(load).toMatchObject({ kind: 'closed', sessionsPerReplica: 8 })
    expect(result.points).toHaveLength(2)
  })

  it('over the window itself, and over a switch', async () => {
    expect((await swept('requests=10,20')).tasks.map(({ requests }) => requests)).toEqual([10, 20])
    const starts = (await swept('cold=true,false')).tasks.map(({ load }) => load.kind === 'closed' && load.start)
    expect(starts).toEqual(['cold', 'warm'])
  })

  it('has five draws unless told otherwise, the run’s own first', async () => {
    const { result, tasks } = await swept('router=round-robin', { seeds: undefined, seed: '7' })
    expect(result.seeds).toBe(5)
    expect(tasks.map(({ seed, settings }) => [seed, settings.router])).toEqual(
      drawSeeds(7, 5).map((seed) => [seed, 'round-robin']),
    )
  })

  it('of the load is the knee, and not drawn here', async () => {
    const options = checkFlags({ ...flags, sweep: 'sessions-per-replica=1,2' })
    const drawn = await parameterSweep(options, settingsOf(options), { load: closed } as RunFigures, planHere)
    expect(drawn).toBeUndefined()
  })
})

describe('a bad value is one line that names it, before any work', () => {
  it.each<[string, string, RegExp]>([
    ['a size without a unit', 'dram=64GB,lots', /^--sweep dram=lots: [^\n]*lots[^\n]*$/],
    ['a link cut in two', 'link=40GB/s,0.3ms', /^--sweep link=40GB\/s: --link: [^\n]*$/],
    ['heads that cannot be split', 'tp=1,3', /^--sweep tp=3: --tp: llama-3\.1-8b cannot be split over 3 GPUs[^\n]*$/],
    ['a GPU that is not known', 'gpu=b300,h100', /^--sweep gpu=h100: --gpu: unknown GPU "h100"[^\n]*$/],
    [
      'a model that does not fit',
      'model=llama-3.1-70b',
      /^--sweep model=llama-3\.1-70b: --gpu: [^\n]*takes 141 GB[^\n]*$/,
    ],
    ['a fetch decision that is none', 'fetch=always,sometimes', /^--sweep fetch=sometimes: [^\n]*$/],
    ['a memory that holds no block', 'dram=64GB,1kB', /^--sweep dram=1kB: --dram: 1 kB hold not one KV block[^\n]*$/],
    ['no switch', 'cold=perhaps', /^--sweep cold=perhaps: [^\n]*$/],
  ])('%s', (_title, sweep, expected) => {
    const options = checkFlags({ ...flags, sweep })
    expect(() => refuseBadSweep(options, settingsOf(options))).toThrow(expected)
  })

  it('GPUs that are no whole number of groups', () => {
    const options = checkFlags({ ...flags, tp: '2', sweep: 'gpus=4,5' })
    expect(() => refuseBadSweep(options, settingsOf(options))).toThrow(/^--sweep gpus=5: --gpus: 5 GPUs are no whole/)
  })

  it('a good one passes', () => {
    const options = checkFlags({ ...flags, sweep: 'dram=64GB,1TB' })
    const settings = settingsOf(options)
    expect(() => refuseBadSweep(options, settings)).not.toThrow()
    expect(settingsAt(options, settings.sweep!, '1TB').target.dramBytes).toBe(1e12)
  })
})
