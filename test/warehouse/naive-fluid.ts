import type { LinkDirection } from '../../src/warehouse/link.ts'

/** A transfer as it is asked for. */
export interface Asked {
  readonly startMs: number
  readonly replica: number
  readonly bytes: number
}

interface Resource {
  readonly name: string
  readonly capacity: number
}

/** What a transfer of a replica passes through. */
export function resourcesOf(link: LinkDirection, replica: number): Resource[] {
  const { host, fabricBytesPerMs } = link
  return [
    { name: `link ${replica}`, capacity: link.bytesPerMs },
    ...(host ? [{ name: `host ${Math.floor(replica / host.replicas)}`, capacity: host.bytesPerMs }] : []),
    ...(fabricBytesPerMs === undefined ? [] : [{ name: 'fabric', capacity: fabricBytesPerMs }]),
  ]
}

/**
 * Max-min fair rate of every flow: the resource that leaves the least to each of its open flows settles them; then the
 * next. Written over flows, not over replicas.
 */
export function naiveRates(link: LinkDirection, replicas: readonly number[]): number[] {
  const rates = replicas.map(() => Number.NaN)
  const flowsOf = new Map<string, number[]>()
  const capacities = new Map<string, number>()
  replicas.forEach((replica, flow) => {
    for (const { name, capacity } of resourcesOf(link, replica)) {
      flowsOf.set(name, [...(flowsOf.get(name) ?? []), flow])
      capacities.set(name, capacity)
    }
  })
  while (rates.some(Number.isNaN)) {
    let tightest: { share: number; open: number[] } | undefined
    for (const [name, flows] of flowsOf) {
      const open = flows.filter((flow) => Number.isNaN(rates[flow]))
      const taken = flows.reduce((sum, flow) => sum + (rates[flow]! || 0), 0)
      const share = (capacities.get(name)! - taken) / open.length
      if (open.length > 0 && (tightest === undefined || share < tightest.share)) tightest = { share, open }
    }
    for (const flow of tightest!.open) rates[flow] = tightest!.share
  }
  return rates
}

/** When each transfer ends: bytes left of each are counted down from event to event. */
export function naiveEnds(link: LinkDirection, asked: readonly Asked[]): number[] {
  const left = asked.map(({ bytes }) => bytes)
  const ends = asked.map(() => Number.POSITIVE_INFINITY)
  const entries = asked.map(({ startMs }) => startMs + link.latencyMs)
  let nowMs = Math.min(...entries)
  while (ends.includes(Number.POSITIVE_INFINITY)) {
    const flows = asked.map((_, i) => i).filter((i) => entries[i]! <= nowMs && ends[i] === Number.POSITIVE_INFINITY)
    const rates = naiveRates(
      link,
      flows.map((i) => asked[i]!.replica),
    )
    const firstEnd = Math.min(...flows.map((i, flow) => nowMs + left[i]! / rates[flow]!))
    const nextMs = Math.min(firstEnd, ...entries.filter((at) => at > nowMs))
    flows.forEach((i, flow) => {
      const endsNow = nowMs + left[i]! / rates[flow]! <= nextMs + 1e-12 * nextMs
      left[i] = endsNow ? 0 : left[i]! - rates[flow]! * (nextMs - nowMs)
      if (endsNow) ends[i] = nextMs
    })
    nowMs = nextMs
  }
  return ends
}
