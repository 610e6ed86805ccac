const multiplier = 0x9e3779b97f4a7c15n

/** Fletcher's checksum over 64-bit words in eight lanes, folded by a multiplicative hash. */
export function checksum(block: Uint8Array): bigint {
  const words = new BigUint64Array(block.buffer, block.byteOffset, block.byteLength / 8)
  const sums = new BigUint64Array(8)
  const sumsOfSums = new BigUint64Array(8)
  words.forEach((word, index) => {
    const lane = index % 8
    sums[lane]! += word
    sumsOfSums[lane]! += sums[lane]!
  })
  let hash = BigInt(block.byteLength)
  for (let lane = 0; lane < 8; lane += 2)
    for (const value of [sums[lane]!, sums[lane + 1]!, sumsOfSums[lane]!, sumsOfSums[lane + 1]!])
      hash = mix(hash ^ value)
  return hash
}

function mix(value: bigint): bigint {
  const product = BigInt.asUintN(64, value * multiplier)
  return product ^ (product >> 32n)
}
