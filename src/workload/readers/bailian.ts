import type { TimedReader } from '../reader.ts'
import { amountField, blockIdsField, integerField, keyField, textField } from '../records/fields.ts'
import { jsonRecords } from '../records/json-records.ts'

const blockTokens = 16
const noParent = -1

/**
 * Requests to Qwen models on Alibaba's Bailian: `timestamp` (s), `input_length`, `output_length`, `hash_ids` (blocks of 16 tokens),
 * `chat_id`, and `parent_chat_id` of the turn before, −1 for none. `type` is text, search, image, file or the like; `turn` is
 * checked, and follows from the parents. Wang et al., "KVCache Cache in the Wild", ATC 2025.
 */
export const bailian: TimedReader = {
  kind: 'timed',
  name: 'bailian',
  summary: 'requests by timestamp with chat ids, types and ids of 16-token blocks',
  source: 'https://github.com/alibaba-edu/qwen-bailian-usagetraces-anon',
  blockTokens,
  records: jsonRecords,

  detects: (record) => 'chat_id' in record && 'input_length' in record && 'hash_ids' in record,

  request(record, where) {
    const promptTokens = integerField(record, 'input_length', 1, where)
    integerField(record, 'turn', 1, where)
    const parent = record.parent_chat_id === noParent ? undefined : keyField(record, 'parent_chat_id', where)
    const [full, all] = [Math.floor(promptTokens / blockTokens), Math.ceil(promptTokens / blockTokens)]
    return {
      arrivalMs: amountField(record, 'timestamp', where) * 1000,
      promptTokens,
      outputTokens: integerField(record, 'output_length', 0, where),
      blockIds: blockIdsField(record, 'hash_ids', full, where, all),
      link: { id: keyField(record, 'chat_id', where), parent },
      category: textField(record, 'type', where),
    }
  },
}
