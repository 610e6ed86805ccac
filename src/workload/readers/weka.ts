import { badInput } from '../../errors.ts'
import { amountField, blockIdsField, integerField, recordsField, textField } from '../fields.ts'
import type { ConversationReader, JsonRecord, SourceTurn } from '../reader.ts'

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
      turns: turnsOf(record, '', blockTokens, where),
    }
  },
}

function turnsOf(record: JsonRecord, agent: string, blockTokens: number, where: string): SourceTurn[] {
  return recordsField(record, 'requests', where).flatMap((entry, index) => {
    const place = `${where}, request ${index + 1}${agent ? ` of ${agent}` : ''}`
    const type = textField(entry, 'type', place)
    if (type === 'subagent') return turnsOf(entry, textField(entry, 'agent_id', place), blockTokens, place)
    if (type === 'n' || type === 's') return turnOf(entry, agent, blockTokens, place)
    throw badInput(place, `unknown type "${type}"`, 'Known: n, s, subagent.')
  })
}

function turnOf(entry: JsonRecord, agent: string, blockTokens: number, where: string): SourceTurn {
  const promptTokens = integerField(entry, 'in', 1, where)
  const thinkSeconds = entry.think_time === undefined ? 0 : amountField(entry, 'think_time', where)
  return {
    agent,
    promptTokens,
    outputTokens: integerField(entry, 'out', 0, where),
    thinkMs: thinkSeconds * 1000,
    blockIds: blockIdsField(entry, 'hash_ids', Math.floor(promptTokens / blockTokens), where),
  }
}
