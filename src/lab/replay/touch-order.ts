import { type ReferenceStream, requestCount } from '../reference-stream.ts'
import type { TouchOrder } from './replay.ts'

/** The references in the order in which they are touched. */
export function inTouchOrder({ blocks, starts, ...rest }: ReferenceStream, order: TouchOrder): Int32Array {
  if (order === 'head') return blocks
  const touched = Int32Array.from(blocks)
  for (let request = 0; request < requestCount({ blocks, starts, ...rest }); request++) {
    touched.subarray(starts[request]!, starts[request + 1]!).reverse()
  }
  return touched
}
