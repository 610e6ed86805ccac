import { NONE } from '../../cache/policy.ts'
import { fewest, type RouterSpec } from './router.ts'

/** A conversation stays where it began; a new one goes where the fewest live, the lowest number first. */
export const sessionAffine: RouterSpec = {
  name: 'session-affine',
  summary: 'a conversation stays on its replica; new ones go where the fewest live',
  source: 'sticky routing of production gateways',

  create(view) {
    return {
      route({ current }) {
        return current === NONE ? fewest(view, view.liveSessions) : current
      },
    }
  },
}
