import type { TurnReader } from '../reader.ts'
import { amountField, keyField } from '../records/fields.ts'
import { jsonRecords } from '../records/json-records.ts'
import { blocksAndLengths, mooncakeBlockTokens } from './mooncake.ts'

/**
 * Mooncake's rows as benchmark tools write them for a closed loop: `session_id`, and `delay` (ms) between the answer before
 * and this request. The first row of a session may have a `timestamp` (ms) instead.
 */
export const mooncakeSessions: TurnReader = {
  kind: 'turns',
  name: 'mooncake-sessions',
  summary: 'Mooncake rows with session_id and delay: conversations in a closed loop',
  source: 'https://docs.nvidia.com/aiperf/benchmark-modes/trace-replay-with-mooncake-traces',
  blockTokens: mooncakeBlockTokens,
  records: jsonRecords,

  detects: (record) =>
    'session_id' in record && 'input_length' in record && 'hash_ids' in record && !('chat_id' in record),

  turn: (record, where) => ({
    session: keyField(record, 'session_id', where),
    startMs: record.timestamp === undefined ? undefined : amountField(record, 'timestamp', where),
    thinkMs: record.delay === undefined ? 0 : amountField(record, 'delay', where),
    agent: '',
    ...blocksAndLengths(record, where),
  }),
}
