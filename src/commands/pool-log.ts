import { readFileSync } from 'node:fs'
import { loadPolicy } from '../cache/load-policy.ts'
import { policies as registry } from '../cache/policies/registry.ts'
import { badInput, exitCodes, MemwallError } from '../errors.ts'
import { replayLog } from '../lab/replay/replay-log.ts'
import { formatCount } from '../units.ts'

/**
 * Replays the log of a plan's HBM pools under its own policy, or another: whether the lab evicts the same blocks in the same
 * order. Returns the exit code.
 */
export async function replayPoolLog(path: string, named: string | undefined, json: boolean): Promise<number> {
  let lines: string[]
  try {
    lines = readFileSync(path, 'utf8').split('\n')
  } catch {
    throw badInput('--pool-log', `"${path}" cannot be read`, 'Write one: memwall run --backend model --pool-log FILE.')
  }
  const text = named ?? policyOf(lines[0]!, path)
  const policy = await loadPolicy(text, named === undefined ? path : '--policies', registry)
  const { evictions, differences } = located(path, () => replayLog(lines, policy))
  const told = `${formatCount(evictions, 'eviction')} replayed under ${policy.name}: ${differences === 0 ? 'all the same, in the same order' : `${formatCount(differences, 'other choice')}`}.`
  process.stdout.write(json ? `${JSON.stringify({ policy: policy.name, evictions, differences })}\n` : `${told}\n`)
  return differences === 0 ? exitCodes.done : exitCodes.failed
}

/** What is wrong with a line is told with the file. */
function located<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof MemwallError) throw badInput(`${path}, ${error.where}`, error.what, error.fix)
    throw error
  }
}

function policyOf(header: string, path: string): string {
  try {
    const { policy } = JSON.parse(header) as { policy?: unknown }
    if (typeof policy === 'string') return policy
  } catch {
    // Told below.
  }
  throw badInput(`${path}:1`, 'is no header of a pool log', 'Write one: memwall run --backend model --pool-log FILE.')
}
