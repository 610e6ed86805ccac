import { amountField, blockIdsField, integerField } from '../fields.ts'
import type { TimedReader } from '../reader.ts'

const blockTokens = 512

/**
 * Requests with arrival times and block ids of 512 tokens that hold for the whole file. One object a line:
 * `timestamp` (ms), `input_length`, `output_length` (tokens), `hash_ids` (prefix-chained; the last may be partial).
 * Qin et al., "Mooncake", FAST 2025.
 */
export const mooncake: TimedReader = {
  kind: 'timed',
  name: 'mooncake',
  summary: 'requests by timestamp with chained ids of 512-token blocks',
  source: 'https://github.com/kvcache-ai/Mooncake/tree/main/FAST25-release',
  blockTokens,

  detects: (record) => 'timestamp' in record && 'input_length' in record && 'hash_ids' in record,

  request(record, where) {
    const promptTokens = integerField(record, 'input_length', 1, where)
    const blocks = Math.ceil(promptTokens / blockTokens)
    return {
      arrivalMs: amountField(record, 'timestamp', where),
      promptTokens,
      outputTokens: integerField(record, 'output_length', 1, where),
      blockIds: blockIdsField(record, 'hash_ids', blocks, where, blocks),
    }
  },
}
