import { setFlagsFromString } from 'node:v8'

const vectorZero = [0x41, 0, 0xfd, 0x0f]
const body = [0, ...vectorZero, ...vectorZero, ...vectorZero, 0xfd, 0x85, 0x02, 0x0b]
/** A module with nothing but an f32x4.relaxed_madd of three zeros. */
const probe = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[0x0a, body.length + 2, 1, body.length, ...body],
])

/**
 * Whether this engine has relaxed SIMD, turned on where it hides behind a flag. Probed first, because an engine that has
 * it by default prints an error when given the flag.
 */
export function enableRelaxedSimd(): boolean {
  if (WebAssembly.validate(probe)) return true
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  return WebAssembly.validate(probe)
}
