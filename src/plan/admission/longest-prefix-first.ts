import type { AdmissionSpec } from './admission.ts'

/**
 * The request with the longest prefix in HBM goes first, looked at anew for each admission; ties by queue order.
 * Zheng et al., "SGLang: Efficient Execution of Structured Language Model Programs", NeurIPS 2024, section 3 (lpm).
 */
export const longestPrefixFirst: AdmissionSpec = {
  name: 'longest-prefix-first',
  summary: 'what has the longest prefix in HBM goes first; lifts a thrashing baseline, at the price of its TTFT',
  source: 'Zheng et al., "SGLang", NeurIPS 2024, section 3; its scheduling policy "lpm"',

  next(queue, prefixBlocks) {
    let best = 0
    let longest = -1
    for (let i = 0; i < queue.length; i++) {
      const blocks = prefixBlocks(queue[i]!)
      if (blocks <= longest) continue
      best = i
      longest = blocks
    }
    return best
  },
}
