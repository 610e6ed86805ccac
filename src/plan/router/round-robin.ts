import type { RouterSpec } from './router.ts'

/** The next replica in turn that has room, whatever it holds. */
export const roundRobin: RouterSpec = {
  name: 'round-robin',
  summary: 'each request goes to the next replica in turn',
  source: 'the default of most HTTP load balancers',

  create(view) {
    let next = 0
    return {
      route() {
        while (!view.hasRoom(next)) next = (next + 1) % view.replicas
        const chosen = next
        next = (next + 1) % view.replicas
        return chosen
      },
    }
  },
}
