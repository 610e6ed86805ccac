import { type ReferenceStream, requestCount } from './reference-stream.ts'

/** Time between two uses of a block, of each reference that is not the first, in ms. */
export function reuseTimesMs(stream: ReferenceStream): Float64Array {
  const { blocks, starts, arrivalMs, distinctBlocks } = stream
  const lastMs = new Float64Array(distinctBlocks).fill(Number.NaN)
  const times = new Float64Array(blocks.length - distinctBlocks)
  let reuses = 0
  for (let request = 0; request < requestCount(stream); request++) {
    const now = arrivalMs[request]!
    for (let at = starts[request]!; at < starts[request + 1]!; at++) {
      const last = lastMs[blocks[at]!]!
      if (!Number.isNaN(last)) times[reuses++] = now - last
      lastMs[blocks[at]!] = now
    }
  }
  return times
}
