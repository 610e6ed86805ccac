import { flopAware } from '../../src/cache/policies/flop-aware.ts'
import { leafLru } from '../../src/cache/policies/leaf-lru.ts'
import { lengthAware } from '../../src/cache/policies/length-aware.ts'
import { pgdsf } from '../../src/cache/policies/pgdsf.ts'
import { policies } from '../../src/cache/policies/registry.ts'
import { stepsToReuse } from '../../src/cache/policies/steps-to-reuse.ts'
import { tailFirstLru } from '../../src/cache/policies/tail-first-lru.ts'
import { ttlPin } from '../../src/cache/policies/ttl-pin.ts'
import { workloadAware } from '../../src/cache/policies/workload-aware.ts'
import type { PolicySpec } from '../../src/cache/policy.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'

const forCaches = [flopAware, leafLru, lengthAware, pgdsf, stepsToReuse, tailFirstLru, ttlPin, workloadAware]

/** Every policy that a plan can tell what it must know. */
export const plannable: readonly PolicySpec[] = [
  ...new Map([...policies, ...forCaches].map((p) => [p.name, p])).values(),
].filter(({ knows }) => !knows.includes('future'))

/** The same plan, with another policy in all memories. */
export function withPolicy(input: PlanInput, policy: PolicySpec): PlanInput {
  return { ...input, hbmPolicy: policy, lowers: input.lowers.map((lower) => ({ ...lower, policy })) }
}
