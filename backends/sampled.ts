/** Index of the largest logit; the lowest wins a tie. */
export function argmaxOf(logits: Float32Array): number {
  let best = 0
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id
  return best
}

/** A 64-bit checksum as 16 hex digits. */
export function checksumText(checksum: bigint): string {
  return BigInt.asUintN(64, checksum).toString(16).padStart(16, '0')
}
