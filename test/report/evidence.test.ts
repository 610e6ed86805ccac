import { expect, test } from 'vitest'
import { evidenceLines } from '../../src/report/evidence.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { type Change, reportFixture } from './fixture.ts'
import {
  complete,
  empty,
  interrupted,
  loadLimited,
  onlyArms,
  planned,
  singleDraw,
  tensorParallel,
  timed,
  unevenReplica,
} from './variants.ts'

const line = (topic: string, ...changes: readonly Change[]) =>
  evidenceLines(reportFixture(...changes)).find((one) => one.topic === topic)

test('the rung of trust in words', () => {
  expect(line('Measured')?.text).toBe(
    'real tensors on mock GPUs of this machine, wasm: 5 draws of the workload, 1,204 requests in all; planned: 20 draws of 2,000 requests after 256 that settle, warm start',
  )
  expect(line('Planned', planned)?.text).toMatch(
    /^the catalogue’s cost model of H100 SXM with Llama 3.1 70B fp8, nothing measured/,
  )
  expect(line('Planned', planned)?.text).toMatch(/, 20 draws of 2,000 requests after 256 that settle, warm start$/)
  expect(line('Planned', interrupted)?.text).toContain('fit error 3.1 %')
  expect(line('Planned', planned, timed)?.text).toMatch(/, all requests of the trace, warm start$/)
})

test('answers: compared, differing, blind, not computed', () => {
  expect(line('Answers')?.text).toBe(
    '1,204 of 1,204 requests ran in two arms or more, all with the same logits, 53,210 KV blocks compared, planted damage was noticed',
  )
  const differing = line('Answers', (report) => {
    report.verification!.mismatches = 12
  })
  expect(differing).toMatchObject({ sound: false, text: expect.stringContaining('12 comparisons differ') })
  const blind = line('Answers', (report) => {
    report.verification!.mutantDetected = false
  })
  expect(blind).toMatchObject({ sound: false, text: expect.stringContaining('went unnoticed') })
  expect(line('Answers', planned)?.text).toContain('no tensors were computed')
})

test('controls name what failed', () => {
  expect(line('Controls')).toMatchObject({ text: '7 of 7 as expected', sound: true })
  const failed = line('Controls', ({ controls }) => {
    Object.assign(controls[1]!, { measured: 1.4, passed: false })
  })
  expect(failed?.sound).toBe(false)
  expect(failed?.text).toBe(
    '6 of 7 as expected; failed: the working set fits: a warehouse gives nothing (1.400, not 0.980 to 1.020)',
  )
})

test('which arms ran out of requests', () => {
  expect(line('Load')?.sound).toBe(true)
  const one = line('Load', ({ arms }) => {
    arms.warehouse!.starvedShare = 0.14
  })
  expect(one).toMatchObject({ sound: false, text: 'not saturated, out of requests: the warehouse 14.0 % of its time' })
  expect(line('Load', loadLimited)?.text).toMatch(/^no arm saturated/)
})

test('what a single window may show is another thing than the interval, and told where draws say it', () => {
  expect(line('Single windows')).toEqual({
    topic: 'Single windows',
    text: 'one window of 2,000 requests may show 2.66–3.99, as planned; you will see one such window, not the mean',
    sound: true,
  })
  expect(line('Single windows', singleDraw)).toBeUndefined()
  expect(line('Single windows', onlyArms('hbm-only'))).toBeUndefined()
  expect(line('Single windows', timed)?.text).toMatch(/^one replay may show /)
})

test('the correction of the plan: how large, how well known, and when it is too large to trust the model', () => {
  const corrected = (value: number, interval: readonly [number, number] | null, ...changes: readonly Change[]) =>
    line('Correction', ...changes, ({ multiplier }) => {
      const [low, high] = interval ?? [null, null]
      multiplier.warehouse!.correction = { value, low, high }
    })
  expect(line('Correction')).toEqual({
    topic: 'Correction',
    text: 'measured ÷ planned on the same requests 1.04× (1.01–1.07), over 5 measured draws; it is in the answer',
    sound: true,
  })
  expect(corrected(1.04, null)?.text).toContain('on the same requests 1.04×, over 5')
  expect(corrected(1.26, [1.2, 1.3])?.sound).toBe(false)
  expect(corrected(1.24, [1.2, 1.3])?.sound).toBe(true)
  expect(corrected(0.79, [0.7, 0.9])?.sound).toBe(false)
  expect(line('Correction', planned)).toBeUndefined()
})

test('the noise of timing is told of the draw that was measured more than once', () => {
  expect(line('Timing')?.text).toBe(
    '±1.2 % in one measured draw, from 2 repeats; it is no error of the answer by itself',
  )
  expect(line('Timing', planned)).toBeUndefined()
})

test('a planned window too short for its own seats', () => {
  const window = (requests: number | null, seats: number) =>
    line('Window', ({ plannedWindow }) => {
      Object.assign(plannedWindow, { requests, seats })
    })
  expect(line('Window')).toBeUndefined()
  expect(window(64, 32)).toBeUndefined()
  expect(window(63, 32)).toEqual({
    topic: 'Window',
    text: 'short, 63 requests for 32 seats: give more --requests',
    sound: false,
  })
  // A fleet is planned on a few of its replicas: what counts are the seats of these.
  const fleet = line('Window', ({ setup }) => {
    setup.replicas = 1000
  })
  expect(fleet).toBeUndefined()
  expect(line('Window', timed)).toBeUndefined()
})

test('what was left out, an unlimited fabric and slow copies are told where there are any', () => {
  expect(line('Left out')).toMatchObject({
    text: '4.0 % of the prompt tokens (148 requests of 15 conversations): longer than the context or the smallest pool, in every arm alike',
    sound: true,
  })
  const share = (promptTokens: number, keptPromptTokens: number) =>
    line('Left out', ({ cut }) => {
      Object.assign(cut, { promptTokens, keptPromptTokens })
    })
  expect(share(10, 90)?.sound).toBe(true)
  expect(share(11, 89)).toMatchObject({ sound: false, text: expect.stringMatching(/^11\.0 % of the prompt tokens/) })
  expect(
    line('Left out', ({ cut }) => {
      cut.requests = 0
    }),
  ).toBeUndefined()
  expect(line('Fabric')?.text).toContain('weka-amg')
  expect(line('Fabric', onlyArms('hbm-only', 'local-dram'))).toBeUndefined()
  expect(line('Copies')).toBeUndefined()
  expect(
    line('Copies', (report) => {
      report.verification!.copiesSlowerThanLink = 7
    })?.text,
  ).toMatch(/^7 of 9,120 fetches/)
})

test('an interruption stands first', () => {
  expect(evidenceLines(reportFixture(interrupted))[0]).toMatchObject({ topic: 'Partial', sound: false })
  expect(line('Load', empty)).toBeUndefined()
})

test('the target: GPUs, replicas, formats and link', () => {
  expect(line('Target')?.text).toBe(
    '4 × H100 SXM, Llama 3.1 70B, weights fp8, KV bf16, warehouse over weka-amg; prompts of 67,500 tokens on average, nine of ten below 121,000; 4 mock GPUs stand for a GPU each',
  )
  expect(line('Target', tensorParallel)?.text).toMatch(
    /^104 × H100 SXM as 13 replicas of 8 \(TP 8\), .*stand for a replica of 8 GPUs each$/,
  )
  expect(line('Target', planned)?.text).not.toContain('mock')
})

test('a replica whose users starve while the average looks fine', () => {
  expect(line('Replicas')).toBeUndefined()
  expect(line('Replicas', unevenReplica)).toMatchObject({
    sound: false,
    text: 'an average hides users who starve: the warehouse, replica 3 of 4: TTFT p50 61 s (median replica 410 ms), hit rate 0.0 % (96.6 %)',
  })
  const half = line('Replicas', ({ arms }) => {
    const { replicas } = arms.warehouse!
    for (const slow of replicas.slice(0, 2)) slow.ttftP50Ms = 100_000
  })
  expect(half?.text).toContain('2 replicas, the worst 1 of 4')
})

test('of two replicas each is compared with the other, and the better hit rate is the reference', () => {
  const two =
    (slow: object): Change =>
    ({ arms }) => {
      const { replicas } = arms.warehouse!
      replicas.splice(2)
      Object.assign(replicas[0]!, { ttftP50Ms: 5.52, hitRate: 0.8 })
      Object.assign(replicas[1]!, { ttftP50Ms: 6, hitRate: 0.8, ...slow })
    }
  expect(line('Replicas', two({}))).toBeUndefined()
  expect(line('Replicas', two({ ttftP50Ms: 92, hitRate: 0.516 }))?.text).toBe(
    'an average hides users who starve: the warehouse, replica 2 of 2: TTFT p50 92 ms (the other replica 5.52 ms), hit rate 51.6 % (80.0 %)',
  )
  expect(line('Replicas', two({ hitRate: 0.2 }))?.text).toContain('hit rate 20.0 % (80.0 %)')
  expect(line('Replicas', two({ ttftP50Ms: null, hitRate: 0.2 }))?.text).toContain(
    'hit rate 20.0 % (the other replica 80.0 %)',
  )
})

test('an arm above its ceiling, and a plan that is far off, weaken the answer', () => {
  const above = line('Ceiling', ({ multiplier }) => {
    Object.assign(multiplier.warehouse!, { value: 3.9, low: 3.8, high: 4 })
  })
  expect(above).toMatchObject({
    sound: false,
    text: 'warehouse 3.90× against 3.42× of infinite-cache, above its ceiling: the machine was busy, run again',
  })
  expect(line('Ceiling')).toBeUndefined()
  const off = line('Plan', ({ costModel }) => {
    costModel.planErrorRelative = 0.44
  })
  expect(off).toMatchObject({ sound: false, text: expect.stringContaining('run again') })
})

test('rates from measured points are neither the catalogue’s nor nothing measured', () => {
  const measuredPoints: Change = ({ setup, target }) => {
    setup.gpu = target.gpu = 'b300 (measured points)'
  }
  expect(line('Planned', planned, complete, measuredPoints)?.text).toMatch(
    /^a cost model with rates fitted to measured points of b300, with Llama 3.1 70B fp8; the run itself is planned, /,
  )
  expect(line('Model', planned, complete, measuredPoints)).toBeUndefined()
  const text = renderMarkdown(reportFixture(planned, complete, measuredPoints))
  expect(text).toContain('The rates of the cost model are fitted to measured points')
  expect(text).not.toMatch(/catalogue’s|[Pp]ublished measurements|published row/)
})

test('mock and target agree, or which arm does not and which ratios are off', () => {
  expect(line('Scale')).toBeUndefined()
  expect(line('Scale', complete)).toMatchObject({ sound: true })
  const off = line('Scale', complete, ({ scaleComparison }) => {
    scaleComparison!.agrees = false
    Object.assign(scaleComparison!.arms.warehouse!, { target: 2.6, difference: 0.28 })
  })
  expect(off).toMatchObject({
    sound: false,
    text: 'the mock is more than 15 % from the target: warehouse 3.33× against 2.60×; ratios that are off: attention’s share of prefill time',
  })
})

test('a planned run shows the error of its model against published measurements', () => {
  expect(line('Model', complete)).toBeUndefined()
  expect(line('Model', planned, complete)).toMatchObject({
    sound: true,
    text: 'off by 11.2 % (median) and 36.0 % (worst) from 2 independent published times of single requests on an idle engine; loaded figures are not validated: no published row under load is on file',
  })
  for (const missed of [{ timesWorstRelativeError: 0.41 }, { timesMedianRelativeError: 0.16 }]) {
    const bad: Change = ({ validation }) => void Object.assign(validation!, missed)
    expect(line('Model', planned, complete, bad)?.sound).toBe(false)
  }
})
