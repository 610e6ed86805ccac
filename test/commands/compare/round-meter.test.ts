import { expect, it } from 'vitest'
import { roundMeter } from '../../../src/commands/compare/round-meter.ts'

it('counts the rounds that are done against those that are known to come', () => {
  const shown: [string, number, number | undefined][] = []
  let nowMs = 0
  const onRound = roundMeter({ show: (...of) => shown.push([of[0], of[1], of[2]]) }, 5, () => nowMs)
  const part = (what: string, rounds: number): void => {
    onRound(`${what}: setting up`, 0, rounds)
    for (let round = 0; round <= rounds; round++, nowMs += 10_000) onRound(what, round, rounds)
    nowMs -= 10_000
  }
  part('noise', 3)
  expect(shown[0]).toEqual(['noise: setting up, round 1 of 3', 0, undefined])
  // Two rounds have told the pace; one of noise and five of the screen are left.
  expect(shown[3]).toEqual(['noise, round 3 of 3', 2 / 8, 60_000])
  part('noise', 3)
  expect(shown.at(-1)).toEqual(['noise, round 3 of 3', 6 / 11, 50_000])
  part('screen', 6)
  expect(shown.at(-1)).toEqual(['screen, round 6 of 6', 1, 0])
  part('confirm', 6)
  expect(shown.at(-2)).toEqual(['confirm, round 6 of 6', 1, 10_000])
})
