import type { ReferenceStream } from './reference-stream.ts'
import { requestCount } from './reference-stream.ts'

/** Seconds between two uses of a block, of each reference that is not the first. */
export function* reuseSeconds(stream: ReferenceStream): Generator<number> {
  const { blocks, starts, arrivalMs, distinctBlocks } = stream
  const lastMs = new Float64Array(distinctBlocks).fill(-1)
  for (let request = 0; request < requestCount(stream); request++) {
    const nowMs = arrivalMs[request]!
    for (let at = starts[request]!; at < starts[request + 1]!; at++) {
      const block = blocks[at]!
      if (lastMs[block]! >= 0) yield (nowMs - lastMs[block]!) / 1000
      lastMs[block] = nowMs
    }
  }
}
