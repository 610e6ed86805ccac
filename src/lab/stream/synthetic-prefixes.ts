import type { Random } from '../../random.ts'
import type { SourceLengths } from '../../workload/reader.ts'

export const syntheticBlockTokens = 64
/** 3,975 of 12,031 requests of Mooncake's conversation trace continue an earlier one (docs/workloads.md#chat). */
const continueRatio = 0.33
const mostOpen = 1024

export const syntheticNote =
  'The trace has lengths only: its prefixes are made up (a third of the requests continues one before it that is short enough; ' +
  'docs/workloads.md, Traces), and hit rates are those of that model.'

/** A request that another may continue. */
interface OpenRequest {
  readonly session: number
  readonly fullBlockIds: readonly number[]
  readonly totalTokens: number
}

export interface SyntheticRequest {
  readonly session: number
  readonly blockIds: readonly number[]
}

/** Makes up block ids for requests of which only lengths are known. The model is described in docs/workloads.md. */
export function syntheticPrefixes(random: Random): (request: SourceLengths) => SyntheticRequest {
  const openOf = new Map<string, OpenRequest[]>()
  const lastOf = new Map<string | number, OpenRequest>()
  let ids = 0
  let sessions = 0

  const continued = ({ promptTokens, tenant = '' }: SourceLengths): OpenRequest | undefined => {
    const open = openOf.get(tenant) ?? []
    openOf.set(tenant, open)
    if (random.next() >= continueRatio) return undefined
    const fitting = open.filter(({ totalTokens }) => totalTokens <= promptTokens)
    if (fitting.length === 0) return undefined
    const chosen = fitting[random.integer(fitting.length)]!
    open.splice(open.indexOf(chosen), 1)
    return chosen
  }

  return (request) => {
    const { promptTokens, outputTokens, session: named, tenant = '' } = request
    const last = named === undefined ? undefined : lastOf.get(named)
    const before = named === undefined ? continued(request) : last
    const shared = before !== undefined && before.totalTokens <= promptTokens ? before.fullBlockIds : []
    const blockIds = [...shared]
    const blocks = Math.ceil(promptTokens / syntheticBlockTokens)
    while (blockIds.length < blocks) blockIds.push(ids++)
    const next: OpenRequest = {
      session: before?.session ?? sessions++,
      fullBlockIds: blockIds.slice(0, Math.floor(promptTokens / syntheticBlockTokens)),
      totalTokens: promptTokens + outputTokens,
    }
    if (named !== undefined) {
      lastOf.set(named, next)
    } else {
      const open = openOf.get(tenant)!
      open.push(next)
      if (open.length > mostOpen) open.shift()
    }
    return { session: next.session, blockIds }
  }
}
