import { badInput } from '../../errors.ts'
import type { SourceRequest, TimedReader } from '../reader.ts'
import { amountField, blockIdsField, integerField } from '../records/fields.ts'
import { jsonRecords } from '../records/json-records.ts'
import type { JsonRecord } from '../records/record-format.ts'

export const mooncakeBlockTokens = 512

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
  blockTokens: mooncakeBlockTokens,
  records: jsonRecords,

  detects: (record) =>
    'timestamp' in record &&
    'input_length' in record &&
    'hash_ids' in record &&
    !('session_id' in record) &&
    !('chat_id' in record),

  request: (record, where) => ({
    arrivalMs: amountField(record, 'timestamp', where),
    ...blocksAndLengths(record, where),
  }),
}

/** As many ids as the prompt has blocks, the partial one included. */
export function blocksAndLengths(record: JsonRecord, where: string): SourceRequest {
  const promptTokens = integerField(record, 'input_length', 1, where)
  const blocks = Math.ceil(promptTokens / mooncakeBlockTokens)
  const blockIds = blockIdsField(record, 'hash_ids', blocks, where, blocks)
  if (new Set(blockIds).size < blockIds.length) {
    throw badInput(
      where,
      '"hash_ids" has an id twice',
      'Ids are chained over the prefix: each stands once in a prompt.',
    )
  }
  return { promptTokens, outputTokens: integerField(record, 'output_length', 1, where), blockIds }
}
