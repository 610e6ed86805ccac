/** A link between the memory of replicas and a tier below. Rates in bytes per ms, as seen by one replica. */
export interface LinkSpec {
  readonly name: string
  readonly readBytesPerMs: number
  readonly writeBytesPerMs: number
  readonly latencyMs: number
  /** Replicas that share a host's capacity; undefined where the host is no limit of its own. */
  readonly host?:
    | { readonly replicas: number; readonly readBytesPerMs: number; readonly writeBytesPerMs: number }
    | undefined
  /** Capacity of everything together; undefined is unlimited, and shown as such. */
  readonly fabric?: { readonly readBytesPerMs: number; readonly writeBytesPerMs: number } | undefined
  /** False: every transfer has the link to itself. For the attribution of a loss to queueing. */
  readonly isContended?: boolean | undefined
}

/** The same link with other rates and another latency, everything it shares included. */
export function scaledLink(link: LinkSpec, rateFactor: number, latencyFactor: number): LinkSpec {
  const scaled = <R extends { readonly readBytesPerMs: number; readonly writeBytesPerMs: number }>(rates: R): R => ({
    ...rates,
    readBytesPerMs: rates.readBytesPerMs * rateFactor,
    writeBytesPerMs: rates.writeBytesPerMs * rateFactor,
  })
  return {
    ...scaled(link),
    latencyMs: link.latencyMs * latencyFactor,
    host: link.host && scaled(link.host),
    fabric: link.fabric && scaled(link.fabric),
  }
}

/** One direction of a link. */
export interface LinkDirection {
  readonly bytesPerMs: number
  readonly latencyMs: number
  readonly host?: { readonly replicas: number; readonly bytesPerMs: number } | undefined
  readonly fabricBytesPerMs?: number | undefined
  readonly isContended?: boolean | undefined
}

export function readDirection(link: LinkSpec): LinkDirection {
  return {
    bytesPerMs: link.readBytesPerMs,
    latencyMs: link.latencyMs,
    host: link.host && { replicas: link.host.replicas, bytesPerMs: link.host.readBytesPerMs },
    fabricBytesPerMs: link.fabric?.readBytesPerMs,
    isContended: link.isContended,
  }
}

export function writeDirection(link: LinkSpec): LinkDirection {
  return {
    bytesPerMs: link.writeBytesPerMs,
    latencyMs: link.latencyMs,
    host: link.host && { replicas: link.host.replicas, bytesPerMs: link.host.writeBytesPerMs },
    fabricBytesPerMs: link.fabric?.writeBytesPerMs,
    isContended: link.isContended,
  }
}
