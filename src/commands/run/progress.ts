import { Presets, SingleBar } from 'cli-progress'

/** Told how far a run is. */
export interface Progress {
  /** @param share of the whole run, 0..1 */
  show(step: string, share: number): void
}

/** Progress on one line of stderr: what is done now, its share, and the time left. Without a terminal a line every ten seconds. */
export interface ProgressLine extends Progress {
  /** For good. */
  stop(): void
}

const everyMs = 10_000

/** Nothing appears before the first `show`: input may yet be refused. */
export function openProgress(): ProgressLine {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {percentage}% · {step} · {left}',
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
  const startedMs = performance.now()
  let isOver = false
  return {
    show(step, share) {
      // What still ran when another part failed may be done after the end; a bar that starts again would keep the process alive.
      if (isOver) return
      if (!bar.isActive) bar.start(1000, 0, { step, left: '' })
      const spentMs = performance.now() - startedMs
      const left = share > 0.02 ? `${Math.ceil((spentMs * (1 / share - 1)) / 1000)} s left` : ''
      bar.update(Math.round(share * 1000), { step, left })
    },
    stop() {
      isOver = true
      bar.stop()
    },
  }
}
