import { badInput } from '../../errors.ts'
import type { ConversationReader, SourceTurn } from '../reader.ts'
import { amountField, blockIdsField, integerField, recordsField, textField } from '../records/fields.ts'
import { jsonRecords } from '../records/json-records.ts'
import type { JsonRecord } from '../records/record-format.ts'

/**
 * Conversations of coding agents, one a line, with block ids that count inside the conversation. Entries of type
 * `subagent` hold requests of their own and are flattened in file order. `think_time` (s) is the time at the client
 * before a request; an entry without one came at once. Requests without output (aborted ones) are part of the format.
 */
export const weka: ConversationReader = {
  kind: 'conversations',
  name: 'weka',
  summary: 'coding-agent conversations with think times and sub-agents',
  source: 'https://github.com/callanjfox/kv-cache-tester',

  records: jsonRecords,
  detects: (record) => 'block_size' in record && 'hash_id_scope' in record && 'requests' in record,

  conversation(record, where) {
    const blockTokens = integerField(record, 'block_size', 1, where)
    if (record.hash_id_scope !== 'local') {
      throw badInput(where, `"hash_id_scope" is ${JSON.stringify(record.hash_id_scope)}`, 'Only "local" is known.')
    }
    return {
      id: textField(record, 'id', where),
      blockTokens,
      sharedTokens: integerField(record, 'tool_tokens', 0, where) + integerField(record, 'system_tokens', 0, where),
      turns: turnsOf(record, '', 0, blockTokens, where),
    }
  },
}

/** @param beginMs of the agent, from the beginning of the conversation; undefined where the trace does not say */
function turnsOf(
  record: JsonRecord,
  agent: string,
  beginMs: number | undefined,
  blockTokens: number,
  where: string,
): SourceTurn[] {
  return recordsField(record, 'requests', where).flatMap((entry, index) => {
    const place = `${where}, request ${index + 1}${agent ? ` of ${agent}` : ''}`
    const offsetMs =
      beginMs === undefined || entry.t === undefined ? undefined : beginMs + amountField(entry, 't', place) * 1000
    const type = textField(entry, 'type', place)
    if (type === 'subagent') {
      return turnsOf(entry, textField(entry, 'agent_id', place), offsetMs, blockTokens, place)
    }
    if (type === 'n' || type === 's') return turnOf(entry, agent, offsetMs, blockTokens, place)
    throw badInput(place, `unknown type "${type}"`, 'Known: n, s, subagent.')
  })
}

function turnOf(
  entry: JsonRecord,
  agent: string,
  offsetMs: number | undefined,
  blockTokens: number,
  where: string,
): SourceTurn {
  const promptTokens = integerField(entry, 'in', 1, where)
  return {
    agent,
    promptTokens,
    outputTokens: integerField(entry, 'out', 0, where),
    thinkMs: secondsOf(entry, 'think_time', where) * 1000,
    offsetMs,
    answerMs: secondsOf(entry, 'api_time', where) * 1000,
    blockIds: blockIdsField(entry, 'hash_ids', Math.floor(promptTokens / blockTokens), where),
  }
}

/** 0 where the trace does not say. */
function secondsOf(entry: JsonRecord, name: string, where: string): number {
  return entry[name] === undefined ? 0 : amountField(entry, name, where)
}
