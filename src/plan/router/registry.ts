import { leastLoaded } from './least-loaded.ts'
import { prefixAware } from './prefix-aware.ts'
import { roundRobin } from './round-robin.ts'
import type { RouterSpec } from './router.ts'
import { sessionAffine } from './session-affine.ts'

/** Every router, sorted by name. */
export const routers: readonly RouterSpec[] = [leastLoaded, prefixAware, roundRobin, sessionAffine]
