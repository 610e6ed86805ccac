import { fewest, type RouterSpec } from './router.ts'

/** Each request goes where the fewest requests are in flight, the lowest number first, whatever a replica holds. */
export const leastLoaded: RouterSpec = {
  name: 'least-loaded',
  summary: 'each request goes where the fewest are in flight',
  source: 'least-connections balancing (nginx, HAProxy); "power of all choices"',

  create(view) {
    return {
      route() {
        return fewest(view, view.inFlight)
      },
    }
  },
}
