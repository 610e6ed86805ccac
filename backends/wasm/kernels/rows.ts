// What a layer does to one row at a time: norm, residual, rotation, gated activation, and writing keys and values.

import { blockBytes, blockTokens, dModel, embedding, ffn, headDim, kvHeads, pool, ropeCos, ropeSin } from "./layout";
import { exp2, fma, sumLanes } from "./math";

/** Copies a multiple of 64 bytes. `memory.copy` leaves the kernel, which costs more than such a short copy. */
export function copyRow(to: usize, from: usize, bytes: usize): void {
  for (const end = from + bytes; from < end; from += 64, to += 64) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
}

export function embed(token: i32, row: usize): void {
  copyRow(row, embedding + <usize>token * dModel * 4, <usize>dModel * 4);
}

/** out = row ÷ root mean square × weight. */
export function normalise(row: usize, weight: usize, out: usize): void {
  const bytes = <usize>dModel * 4;
  let squares = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(row + i);
    squares = fma(x, x, squares);
  }
  const scale = f32x4.splat(<f32>1 / sqrt<f32>(sumLanes(squares) / <f32>dModel + <f32>1e-5));
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, f32x4.mul(f32x4.mul(v128.load(row + i), scale), v128.load(weight + i)));
  }
}

export function addRow(row: usize, delta: usize): void {
  const end = row + <usize>dModel * 4;
  for (; row < end; row += 16, delta += 16) v128.store(row, f32x4.add(v128.load(row), v128.load(delta)));
}

/** gate = silu(gate) × up, where up stands right behind gate. */
export function gated(gate: usize): void {
  const bytes = <usize>ffn * 4;
  const end = gate + bytes;
  const one = f32x4.splat(1);
  for (; gate < end; gate += 16) {
    const g = v128.load(gate);
    const e = exp2(f32x4.mul(f32x4.abs(g), f32x4.splat(-1.4426950408889634)));
    const sigmoid = f32x4.div(v128.bitselect(one, e, f32x4.ge(g, f32x4.splat(0))), f32x4.add(one, e));
    v128.store(gate, f32x4.mul(f32x4.mul(g, sigmoid), v128.load(gate + bytes)));
  }
}

/** Rotates the halves of a head's vector by its position, then scales. */
export function rotate(vector: usize, position: i32, scale: f32): void {
  const half = <usize>headDim * 2;
  const cos = ropeCos + <usize>position * half;
  const sin = ropeSin + <usize>position * half;
  const factor = f32x4.splat(scale);
  for (let i: usize = 0; i < half; i += 16) {
    const x = v128.load(vector + i), y = v128.load(vector + half + i);
    const c = v128.load(cos + i), s = v128.load(sin + i);
    v128.store(vector + i, f32x4.mul(f32x4.sub(f32x4.mul(x, c), f32x4.mul(y, s)), factor));
    v128.store(vector + half + i, f32x4.mul(f32x4.add(f32x4.mul(x, s), f32x4.mul(y, c)), factor));
  }
}

/** Keys of one kv head in one layer of a block; its values follow. */
export function blockKeys(slot: i32, layer: i32, kvHead: i32): usize {
  return pool + <usize>slot * blockBytes + <usize>(layer * kvHeads + kvHead) * headDim * blockTokens * 8;
}

/** Writes one position's key (a column of the transposed keys) and value. */
export function writeKv(key: usize, value: usize, keys: usize, offset: i32): void {
  const stride = <usize>blockTokens * 4;
  const values = keys + <usize>headDim * stride + <usize>offset * headDim * 4;
  const end = key + <usize>headDim * 4;
  copyRow(values, value, <usize>headDim * 4);
  for (let to = keys + <usize>offset * 4; key < end; key += 4, to += stride) store<f32>(to, load<f32>(key));
}
