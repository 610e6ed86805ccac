import type { PolicySpec } from '../policy.ts'
import { lru } from './lru.ts'

/** Every eviction policy, sorted by name. */
export const policies: readonly PolicySpec[] = [lru]
