import { openProgress, type ProgressLine } from '../progress/progress.ts'
import type { Workbench } from './experiment.ts'
import { openThreads } from './threads.ts'

/** 128 + SIGINT, as shells have it. */
export const interruptedCode = 130

interface CommandBench extends Workbench {
  readonly progress: ProgressLine
}

/**
 * Does a command's work with threads, a line of progress and an ear for Ctrl-C, and clears up whatever happens.
 * @param keepsMeasured the first Ctrl-C ends the measuring and what was measured is kept; else it ends the process
 */
export async function atWorkbench(
  keepsMeasured: boolean,
  work: (bench: CommandBench) => Promise<number>,
): Promise<number> {
  const abort = new AbortController()
  const progress = openProgress()
  const interrupt = (): void => {
    if (keepsMeasured) abort.abort()
    else endInterrupted(progress)
  }
  // A second Ctrl-C ends the process at once.
  process.once('SIGINT', interrupt)
  const threads = openThreads(abort.signal)
  try {
    return await work({ threads, signal: abort.signal, progress })
  } catch (error) {
    if (!abort.signal.aborted) throw error
    progress.stop()
    process.stderr.write('Interrupted before anything was measured; no report was written.\n')
    return interruptedCode
  } finally {
    progress.stop()
    process.off('SIGINT', interrupt)
    await threads.close()
  }
}

function endInterrupted(progress: ProgressLine): never {
  progress.stop()
  process.stderr.write('Interrupted; no report was written.\n')
  process.exit(interruptedCode)
}
