import { NONE } from '../../cache/policy.ts'
import type { RouterSpec } from './router.ts'

/** A conversation stays where it began; a new one goes where the fewest live, the lowest number first. */
export const sessionAffine: RouterSpec = {
  name: 'session-affine',
  summary: 'a conversation stays on its replica; new ones go where the fewest live',
  source: 'sticky routing of production gateways; SGLang router, "cache-aware load balancing", 2024',

  create(view) {
    return {
      route(current) {
        if (current !== NONE) return current
        let best = NONE
        for (let replica = 0; replica < view.replicas; replica++) {
          if (!view.hasRoom(replica)) continue
          if (best === NONE || view.liveSessions[replica]! < view.liveSessions[best]!) best = replica
        }
        return best
      },
    }
  },
}
