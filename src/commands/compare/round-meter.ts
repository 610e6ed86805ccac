import type { Progress } from '../progress/progress.ts'
import { openTimeLeft } from '../progress/time-left.ts'

/** Told before each round of a part of the gate, rounds counted from 0. */
export type OnRound = (what: string, round: number, rounds: number) => void

/** Rounds that tell the pace. */
const leastRounds = 2

/**
 * Progress of the gate in rounds, which all take about as long. How many there will be is known of the part at hand alone: a screen
 * follows the noise, and a confirmation only what the screen has flagged.
 * @param screenRounds as asked for
 */
export function roundMeter(
  progress: Progress,
  screenRounds: number,
  now: () => number = () => performance.now(),
): OnRound {
  const pace = openTimeLeft(now(), leastRounds)
  let [part, before, inPart, share] = ['', 0, 0, 0]
  return (what, round, rounds) => {
    const name = what.split(':')[0]!
    if (name !== part || round < inPart) before += inPart
    ;[part, inPart] = [name, round]
    const done = before + round
    const rest = rounds - round + (name === 'noise' ? screenRounds : 0)
    share = Math.max(share, done / (done + rest))
    pace.observe(now(), done)
    progress.show(`${what}, round ${Math.min(round + 1, rounds)} of ${rounds}`, share, pace.leftMs(now(), rest))
  }
}
