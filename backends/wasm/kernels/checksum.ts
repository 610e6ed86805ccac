// Fletcher's checksum over 64-bit words in eight lanes, folded by a multiplicative hash.

/** Checksum of `bytes` (a multiple of 64) from `from`. Both steps of the fold are bijective, so no lane's change is lost. */
export function checksum(from: usize, bytes: usize): u64 {
  let a0 = i64x2.splat(0), a1 = i64x2.splat(0), a2 = i64x2.splat(0), a3 = i64x2.splat(0);
  let b0 = i64x2.splat(0), b1 = i64x2.splat(0), b2 = i64x2.splat(0), b3 = i64x2.splat(0);
  const end = from + bytes;
  for (; from < end; from += 64) {
    a0 = i64x2.add(a0, v128.load(from)); b0 = i64x2.add(b0, a0);
    a1 = i64x2.add(a1, v128.load(from, 16)); b1 = i64x2.add(b1, a1);
    a2 = i64x2.add(a2, v128.load(from, 32)); b2 = i64x2.add(b2, a2);
    a3 = i64x2.add(a3, v128.load(from, 48)); b3 = i64x2.add(b3, a3);
  }
  let h: u64 = bytes;
  h = fold(fold(h, a0), b0);
  h = fold(fold(h, a1), b1);
  h = fold(fold(h, a2), b2);
  return fold(fold(h, a3), b3);
}

function fold(h: u64, lanes: v128): u64 {
  h = mix(h ^ <u64>i64x2.extract_lane(lanes, 0));
  return mix(h ^ <u64>i64x2.extract_lane(lanes, 1));
}

function mix(h: u64): u64 {
  h *= 0x9e3779b97f4a7c15;
  return h ^ (h >> 32);
}
