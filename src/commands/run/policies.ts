import { isPolicyFile, loadPolicy } from '../../cache/load-policy.ts'
import { policies } from '../../cache/policies/registry.ts'
import type { PolicySpec } from '../../cache/policy.ts'
import { policyNamed } from '../../cache/policy-name.ts'
import { badInput, unknownName } from '../../errors.ts'
import type { TierOptions } from '../../experiment/arms/arm.ts'
import { cannotBePlanned } from '../../plan/engine/policy-facts.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { ExperimentOptions } from './options.ts'
import { sweepAxis } from './sweep-axis.ts'

/** Policies from files, by how the user names them: "./mine.js:share=0.2". */
export type OwnPolicies = ReadonlyMap<string, PolicySpec>

const flag = '--policy'
const memories = ['hbm', 'dram', 'warehouse'] as const
const byDefault = 'lru'

/** Loads the files that the options name as policies, so that all else can be decided at once. */
export async function loadOwnPolicies({ policy, sweep }: ExperimentOptions): Promise<OwnPolicies> {
  const axis = sweep === undefined ? undefined : sweepAxis(sweep)
  const given = [...(policy === undefined ? [] : [policy]), ...(axis?.key === 'policy' ? axis.values : [])]
  const texts = new Set(given.flatMap((text) => Object.values(textsOf(text))).filter(isPolicyFile))
  const loaded = [...texts].map(async (text) => [text, await loadPolicy(text, flag, policies)] as const)
  return new Map(await Promise.all(loaded))
}

/** "lru", or "hbm=lru-k:k=3,dram=./mine.js", each memory optional. */
export function policiesOf(text: string, own: OwnPolicies): TierOptions['policies'] {
  const texts = textsOf(text)
  const policy = (memory: keyof typeof texts): PolicySpec => {
    const found = own.get(texts[memory]) ?? policyNamed(texts[memory], flag, policies)
    refuseIgnorant(found, true)
    return found
  }
  return { hbm: policy('hbm'), dram: policy('dram'), warehouse: policy('warehouse') }
}

/** Refuses policies that must know the conversation of a request, where requests come without. */
export function refuseSessionPolicies(chosen: TierOptions['policies'], load: Load['kind']): void {
  for (const memory of memories) refuseIgnorant(chosen[memory], load === 'closed')
}

function refuseIgnorant(policy: PolicySpec, hasSessions: boolean): void {
  const missing = cannotBePlanned(policy, hasSessions)
  if (missing === undefined) return
  if (missing === 'future') {
    const what = `"${policy.name}" must know the future, which only a replay of a trace does`
    throw badInput(flag, what, 'Use memwall policies, or choose another.')
  }
  const what = missing === 'session' ? 'the conversation of each request' : 'when each conversation goes on'
  throw badInput(flag, `"${policy.name}" must know ${what}, which this trace does not tell`, 'Choose another.')
}

/** How each memory's policy is named. What is before a "=" is a memory, unless it is a policy with a parameter. */
function textsOf(text: string): Record<(typeof memories)[number], string> {
  const chosen = { hbm: byDefault, dram: byDefault, warehouse: byDefault }
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue
    const [, memory, policy] = /^([^:=]*)=(.*)$/.exec(part)?.map((piece) => piece.trim()) ?? []
    if (memory === undefined) for (const each of memories) chosen[each] = part
    else if (isMemory(memory)) chosen[memory] = policy!
    else throw unknownName(flag, 'memory', memory, memories)
  }
  return chosen
}

function isMemory(name: string): name is (typeof memories)[number] {
  return (memories as readonly string[]).includes(name)
}
