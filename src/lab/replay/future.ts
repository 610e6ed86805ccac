import { type ReferenceStream, requestCount } from '../reference-stream.ts'
import type { TouchOrder } from './replay.ts'

/** Never again. */
export const never = 2_147_483_647

/** Of each reference, in file order: the number, in order of touching, of the next reference to the same block; `never` where there is none. */
export function nextUses(stream: ReferenceStream, order: TouchOrder): Int32Array {
  const { blocks, starts, distinctBlocks } = stream
  const next = new Int32Array(blocks.length)
  const soonest = new Int32Array(distinctBlocks).fill(never)
  for (let request = requestCount(stream) - 1; request >= 0; request--) {
    const from = starts[request]!
    const to = starts[request + 1]!
    for (let place = to - from - 1; place >= 0; place--) {
      const at = order === 'head' ? from + place : to - 1 - place
      const block = blocks[at]!
      next[at] = soonest[block]!
      soonest[block] = from + place
    }
  }
  return next
}

/** Of each request: when its session sends its next one, in ms; Infinity where it sends none. */
export function nextRequestMs({ sessions, arrivalMs }: ReferenceStream): Float64Array {
  const next = new Float64Array(sessions.length)
  const soonest = new Map<number, number>()
  for (let request = sessions.length - 1; request >= 0; request--) {
    next[request] = soonest.get(sessions[request]!) ?? Number.POSITIVE_INFINITY
    soonest.set(sessions[request]!, arrivalMs[request]!)
  }
  return next
}
