interface Latencies {
  readonly quantilesMs: readonly number[]
  readonly p50: number
  readonly p95: number
}

/** From the first to the 99th percentile, wider where a label beside p50 or p95 needs it. */
export function latencyDomain(
  lines: readonly Latencies[],
  innerWidth: number,
  room: { readonly left: number; readonly right: number },
): [number, number] {
  const at = (share: number): number[] =>
    lines.map(({ quantilesMs }) => quantilesMs[Math.round(share * (quantilesMs.length - 1))]!).filter((ms) => ms > 0)
  const p50 = Math.log(Math.min(...lines.map((line) => line.p50)))
  const p95 = Math.log(Math.max(...lines.map((line) => line.p95)))
  let low = Math.min(p50 - 0.1, Math.log(Math.min(...at(0.01))))
  let high = Math.max(p95 + 0.1, Math.log(Math.max(...at(0.99))))
  for (let i = 0; i < 60; i++) {
    const pxPerUnit = innerWidth / (high - low)
    const wide = high - low
    if ((p50 - low) * pxPerUnit < room.left) low -= wide / 40
    else if ((high - p95) * pxPerUnit < room.right) high += wide / 40
    else break
  }
  return [Math.exp(low), Math.exp(high)]
}

/** 1, 2 and 5 of each decade, or fewer where there is no room. */
export function logTicks([low, high]: readonly [number, number], narrow: boolean): number[] {
  const decades = Math.log10(high / low)
  const steps = decades > (narrow ? 1.6 : 3.2) ? [1] : decades > (narrow ? 0.9 : 1.6) ? [1, 3] : [1, 2, 5]
  const result: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    result.push(...steps.map((step) => step * 10 ** power))
  }
  return result.filter((tick) => tick >= low && tick <= high)
}
