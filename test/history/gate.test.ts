import { describe, expect, test } from 'vitest'
import { type GateResult, runGate } from '../../src/history/compare/gate.ts'
import { seededRandom } from '../../src/random.ts'
import { recordedRounds } from './recorded-rounds.ts'
import { type Effect, type Machine, machines, noEffect, simulatedRounds } from './simulated-rounds.ts'

const figures = Array.from({ length: 12 }, (_, i) => `figure ${i}`)
const tenPercent: Effect = (figure) => (figure === 'figure 3' ? Math.log(1.1) : 0)

async function gates(machine: Machine, effect: Effect, runs: number, seed: number): Promise<GateResult[]> {
  const random = seededRandom(seed)
  const results: GateResult[] = []
  for (let run = 0; run < runs; run++) {
    results.push(await runGate(simulatedRounds(machine, figures, effect, random.fork(run)), 5))
  }
  return results
}

const regressions = (results: readonly GateResult[]): number =>
  results.filter(({ verdict }) => verdict === 'regression').length

describe.each(Object.entries(machines))('on a simulated machine, %s, twelve figures', (name, machine) => {
  test('the same code compared with itself raises an alarm in fewer than 1 of 50 tries', async () => {
    const results = await gates(machine, noEffect, 200, 31)
    expect(regressions(results) / results.length).toBeLessThan(1 / 50)
    // A verdict that is given up would make this easy.
    if (name !== 'bad') expect(results.filter(({ verdict }) => verdict === 'fine').length).toBeGreaterThan(190)
  })

  test('a kernel that is 10 % slower is found in 95 of 100 tries, and nothing else is', async () => {
    const results = await gates(machine, tenPercent, 100, 32)
    expect(regressions(results)).toBeGreaterThanOrEqual(95)
    const blamed = results.flatMap((result) => result.figures.filter(({ verdict }) => verdict === 'regression'))
    expect(blamed.filter(({ name: blamedName }) => blamedName !== 'figure 3').length).toBeLessThanOrEqual(2)
  })
})

describe('on noise that was recorded on a shared two-core machine', () => {
  test('the same code raises an alarm in fewer than 1 of 50 tries', async () => {
    const random = seededRandom(41)
    let alarms = 0
    for (let run = 0; run < 250; run++) {
      if ((await runGate(recordedRounds(noEffect, random.fork(run)), 5)).verdict === 'regression') alarms++
    }
    expect(alarms / 250).toBeLessThan(1 / 50)
  })

  test('kernels that are 10 % slower are found in 95 of 100 tries', async () => {
    const random = seededRandom(42)
    for (const slowed of ['prefillMs', 'decodeMs']) {
      let found = 0
      for (let run = 0; run < 100; run++) {
        const effect: Effect = (figure) => (figure === slowed ? Math.log(1.1) : 0)
        const { figures: judged } = await runGate(recordedRounds(effect, random.fork(slowed, run)), 5)
        if (judged.find(({ name }) => name === slowed)!.verdict === 'regression') found++
      }
      expect(found).toBeGreaterThanOrEqual(95)
    }
  })
})

test('what slows fewer than a fifth of the slices only warns: it shows in the untrimmed total', async () => {
  const rare: Effect = (figure, slice) => (figure === 'figure 3' && slice % 6 === 0 ? Math.log(2) : 0)
  const results = await gates(machines.quiet!, rare, 20, 33)
  expect(regressions(results)).toBe(0)
  const warned = results.filter((result) => result.figures.find(({ name }) => name === 'figure 3')!.warns)
  expect(warned.length).toBeGreaterThan(15)
})

test('a machine that is too noisy to tell is given more rounds of noise, then no verdict', async () => {
  const hopeless: Machine = { jitter: 0.8, drift: 0.1, bursts: 0.05 }
  const [result] = await gates(hopeless, noEffect, 1, 34)
  expect(result!.verdict).toBe('inconclusive')
  expect(result!.noiseRounds).toBe(9)
  expect(result!.rounds).toBe(9)
  for (const { smallestFoundRelative } of result!.figures) expect(smallestFoundRelative).toBeGreaterThan(0.1)
})

test('a gate that found nothing in the screen measures nothing again, and the screen is never judged', async () => {
  const asked: string[] = []
  const rounds = simulatedRounds(machines.quiet!, figures, noEffect, seededRandom(35))
  await runGate((what, count) => {
    asked.push(`${what} ${count}`)
    return rounds(what, count)
  }, 5)
  expect(asked).toEqual(['noise 3', 'screen 5'])
  // The head was slow in the screen alone: fresh rounds acquit it.
  const onlyThen = simulatedRounds(machines.quiet!, figures, noEffect, seededRandom(36))
  const slow = simulatedRounds(machines.quiet!, figures, tenPercent, seededRandom(37))
  const result = await runGate((what, count) => (what === 'screen' ? slow : onlyThen)(what, count), 5)
  const [flagged] = result.figures.filter(({ isFlagged }) => isFlagged)
  expect(flagged).toMatchObject({ name: 'figure 3', verdict: 'fine' })
  expect(result.verdict).toBe('fine')
})

test('two processes of one code that differ for good raise the threshold, not an alarm', async () => {
  const biased = simulatedRounds(machines.quiet!, figures, noEffect, seededRandom(38))
  const result = await runGate(async (what, count) => {
    const timed = await biased(what, count)
    return new Map(
      [...timed].map(([name, pairs]) => [name, { ...pairs, logRatios: pairs.logRatios.map((log) => log + 0.06) }]),
    )
  }, 5)
  expect(result.figures[0]!.thresholdRelative).toBeGreaterThan(0.1)
  expect(result.verdict).not.toBe('regression')
})
