import { Presets, SingleBar } from 'cli-progress'
import { leftWords, openSteadyLeft, openTimeLeft } from './time-left.ts'

/** Told how far a run is. */
export interface Progress {
  /**
   * @param share of the whole run, 0..1
   * @param leftMs where the caller knows it better than the pace of `share` tells
   */
  show(step: string, share: number, leftMs?: number): void
  /** Something worth a line of its own; absent where nobody reads along. */
  say?(text: string): void
}

/** Progress on one line of stderr: what is done now, its share, and the time left. Without a terminal a line every ten seconds. */
export interface ProgressLine extends Progress {
  say(text: string): void
  /** For good. */
  stop(): void
}

const everyMs = 10_000
const tickMs = 1000

/** Nothing appears before the first `show`: input may yet be refused. @param leastSteps before a time left is told */
export function openProgress(leastSteps?: number): ProgressLine {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {percentage}% · {step}{left}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
      noTTYOutput: true,
      notTTYSchedule: everyMs,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  )
  const pace = openTimeLeft(performance.now(), leastSteps)
  const steady = openSteadyLeft()
  let isOver = false
  let estimateMs: number | undefined
  let tick: NodeJS.Timeout | undefined
  /** Once a second: figures that change faster are not read. */
  const showLeft = (): void => {
    const leftMs = steady.at(performance.now(), estimateMs)
    estimateMs = undefined
    bar.update({ left: leftMs === undefined ? '' : ` · ${leftWords(leftMs)}` })
  }
  return {
    show(step, share, leftMs) {
      // What still ran when another part failed may be done after the end; a bar that starts again would keep the process alive.
      if (isOver) return
      if (!bar.isActive) {
        bar.start(1000, 0, { step, left: '' })
        tick = setInterval(showLeft, tickMs).unref()
      }
      const nowMs = performance.now()
      pace.observe(nowMs, share)
      estimateMs = leftMs ?? pace.leftMs(nowMs, 1 - share)
      bar.update(Math.round(share * 1000), { step })
    },
    say(text) {
      const isDrawn = bar.isActive && process.stderr.isTTY
      process.stderr.write(isDrawn ? `\r\u001b[K${text}\n` : `${text}\n`)
    },
    stop() {
      isOver = true
      clearInterval(tick)
      bar.stop()
    },
  }
}
