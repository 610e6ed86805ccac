import type { LinkDirection } from './link.ts'

/**
 * Max-min fair rate of one transfer at each replica, by progressive filling (Bertsekas & Gallager, Data Networks, 6.5.2).
 * Transfers of one replica share its link, its host and the fabric alike, so they have one rate.
 * @param transfers number of running transfers per replica
 * @param rates filled with bytes per ms of each transfer at that replica; 0 where there is none
 */
export function maxMinShares(link: LinkDirection, transfers: Int32Array, rates: Float64Array): void {
  const replicas = transfers.length
  if (linksAreTheLimit(link, transfers)) {
    for (let replica = 0; replica < replicas; replica++) {
      rates[replica] = transfers[replica]! > 0 ? link.bytesPerMs / transfers[replica]! : 0
    }
    return
  }
  rates.fill(0)
  const hostReplicas = link.host?.replicas ?? replicas
  const hosts = Math.ceil(replicas / hostReplicas)
  const hostLeft = new Float64Array(hosts).fill(link.host?.bytesPerMs ?? Infinity)
  const hostOpen = new Int32Array(hosts)
  let fabricLeft = link.fabricBytesPerMs ?? Infinity
  let fabricOpen = 0
  for (let replica = 0; replica < replicas; replica++) {
    hostOpen[Math.floor(replica / hostReplicas)]! += transfers[replica]!
    fabricOpen += transfers[replica]!
  }
  while (fabricOpen > 0) {
    let least = fabricLeft / fabricOpen
    for (let host = 0; host < hosts; host++) {
      if (hostOpen[host]! > 0) least = Math.min(least, hostLeft[host]! / hostOpen[host]!)
    }
    for (let replica = 0; replica < replicas; replica++) {
      if (transfers[replica]! > 0 && rates[replica] === 0)
        least = Math.min(least, link.bytesPerMs / transfers[replica]!)
    }
    const fabricFull = fabricLeft / fabricOpen <= least
    const hostFull = Array.from(hostLeft, (left, host) => hostOpen[host]! > 0 && left / hostOpen[host]! <= least)
    for (let replica = 0; replica < replicas; replica++) {
      const count = transfers[replica]!
      if (count === 0 || rates[replica] !== 0) continue
      const host = Math.floor(replica / hostReplicas)
      if (!fabricFull && !hostFull[host] && link.bytesPerMs / count > least) continue
      rates[replica] = least
      hostLeft[host]! -= least * count
      hostOpen[host]! -= count
      fabricLeft -= least * count
      fabricOpen -= count
    }
  }
}

/** Whether hosts and fabric have room for every link that is in use. */
function linksAreTheLimit(link: LinkDirection, transfers: Int32Array): boolean {
  const { host, fabricBytesPerMs = Infinity, bytesPerMs } = link
  const size = host?.replicas ?? transfers.length
  let onHost = 0
  let all = 0
  for (let replica = 0; replica < transfers.length; replica++) {
    if (replica % size === 0) onHost = 0
    if (transfers[replica] === 0) continue
    onHost += bytesPerMs
    all += bytesPerMs
    if (host !== undefined && onHost > host.bytesPerMs) return false
  }
  return all <= fabricBytesPerMs
}
