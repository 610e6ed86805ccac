import { describe, expect, it } from 'vitest'
import type { Stage } from '../../../src/commands/progress/stage.ts'
import { openWorkMeter } from '../../../src/commands/progress/work-meter.ts'

const planned: readonly Stage[] = [
  { name: 'planning the answer', plans: 20, work: 2000 },
  { name: 'planning the knee', plans: 60, work: 3000 },
  { name: 'planning the sweep', plans: 50, work: 5000 },
]

/** A meter with a clock of its own. */
function metered(stages: readonly Stage[]) {
  const shown: { step: string; share: number; leftMs: number | undefined }[] = []
  const paces: number[] = []
  let nowMs = 0
  const progress = { show: (step: string, share: number, leftMs?: number) => shown.push({ step, share, leftMs }) }
  const meter = openWorkMeter(progress, stages, {
    threads: 2,
    onPace: (msOf) => paces.push(msOf(100)),
    now: () => nowMs,
  })
  const plans = (times: number, work: number, msPerPlan: number): void => {
    for (let i = 0; i < times; i++) {
      nowMs += msPerPlan
      meter.did(work, 1)
    }
  }
  return { meter, shown, paces, plans, pass: (ms: number) => (nowMs += ms) }
}

describe('a meter of a run', () => {
  it('has the share and the time left of all stages from the work in them', () => {
    const { meter, shown, plans } = metered(planned)
    meter.begin('planning the answer')
    plans(20, 100, 1000)
    meter.begin('planning the knee')
    plans(12, 50, 500)
    const { step, share, leftMs } = shown.at(-1)!
    expect(step).toBe('planning the knee, 12 of 60 plans')
    // 10 ms each: 2,600 of 10,000 are done.
    expect(share).toBeCloseTo(0.26, 6)
    expect(leftMs).toBeCloseTo(74_000, 6)
  })

  it('tells no time, and the pace once, before enough plans are done', () => {
    const { meter, shown, plans, paces } = metered(planned)
    meter.begin('planning the answer')
    plans(3, 100, 1000)
    expect(shown.every(({ leftMs, share }) => leftMs === undefined && share === 0)).toBe(true)
    plans(10, 100, 1000)
    expect(paces).toEqual([1000])
  })

  it('forgets what a stage did not need', () => {
    const { meter, shown, plans } = metered(planned)
    meter.begin('planning the answer')
    plans(10, 100, 1000)
    meter.begin('planning the sweep')
    expect(shown.at(-1)!.leftMs).toBeCloseTo(50_000, 6)
  })

  it('never goes back', () => {
    const { meter, shown, plans } = metered(planned)
    meter.begin('planning the answer')
    plans(10, 100, 100)
    plans(10, 100, 5000)
    const shares = shown.map(({ share }) => share)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
  })

  it('gives what is measured its budget, then its own pace, and lets the clock of the plans stand', () => {
    const stages: Stage[] = [planned[1]!, { name: 'measuring', plans: 0, work: 0, budgetMs: 45_000 }, planned[2]!]
    const { meter, shown, plans, pass } = metered(stages)
    meter.begin('planning the knee')
    plans(60, 50, 500)
    // 30 s for 3,000: another 50 s for 5,000.
    expect(shown.at(-1)!.leftMs).toBeCloseTo(95_000, 6)
    meter.begin('measuring')
    pass(20_000)
    meter.measured('slice 4', 0.25)
    expect(shown.at(-1)).toMatchObject({ step: 'slice 4' })
    expect(shown.at(-1)!.leftMs).toBeCloseTo(60_000 + 50_000, 6)
    pass(60_000)
    meter.begin('planning the sweep')
    expect(shown.at(-1)!.leftMs).toBeCloseTo(50_000, 6)
  })
})
