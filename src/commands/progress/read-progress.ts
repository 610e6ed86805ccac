import type { Progress } from './progress.ts'

/** A file that is read in less shows nothing: it is done before anybody could look. */
const quietMs = 2000

/**
 * Progress of the reading of a trace, by its bytes.
 * @param limit of records: where there is one the bytes do not tell when it ends, and nothing is shown
 */
export function readProgress(
  progress: Progress,
  limit: number | undefined,
  now: () => number = () => performance.now(),
): ((share: number) => void) | undefined {
  if (limit !== undefined) return undefined
  const startMs = now()
  return (share) => {
    if (now() - startMs > quietMs) progress.show('reading the trace', share)
  }
}
