// State of attention while it goes from tile to tile. A *unit* is one query head of one row: 64 bytes with its running
// maximum (16 bytes), its running sum (16), then the addresses of its query and output, and its row's position.

import { attended, headDim, heads, qkv, qkvColumns, units } from "./layout";
import { exp2, maxLanes, sumLanes } from "./math";

/** Lays out the units of one kv head, those of a row beside each other. */
export function begin(unit: usize, kvHead: i32, group: i32, position: i32, first: i32, rows: i32): void {
  const width = <usize>headDim * 4;
  for (let row = 0; row < rows; row++) {
    let query = qkv + <usize>(first + row) * qkvColumns * 4 + <usize>(kvHead * group) * width;
    let out = attended + <usize>((first + row) * heads + kvHead * group) * width;
    for (let head = 0; head < group; head++, unit += 64, query += width, out += width) {
      for (let at: usize = 0; at < width; at += 16) v128.store(out + at, f32x4.splat(0));
      v128.store(unit, f32x4.splat(-1e30));
      v128.store(unit, f32x4.splat(0), 16);
      store<usize>(unit, query, 32);
      store<usize>(unit, out, 36);
      store<i32>(unit, position + row, 40);
    }
  }
}

export function queryOf(unit: usize): usize {
  return load<usize>(unit, 32);
}

export function outputOf(unit: usize): usize {
  return load<usize>(unit, 36);
}

/** How many keys of a tile a unit sees. */
export function visible(unit: usize, tile: i32): i32 {
  return min(64, load<i32>(unit, 40) - tile + 1);
}

/** Turns a unit's scores into weights, and rescales what it has summed so far. Lanes past `count` are never used. */
export function weigh(row: usize, unit: usize, count: i32, out: usize): void {
  const whole = row + <usize>(count & ~3) * 4;
  const tail = i32x4.gt_s(i32x4.splat(count & 3), i32x4(0, 1, 2, 3));
  const before = v128.load(unit);
  let top = before;
  for (let at = row; at < whole; at += 16) top = f32x4.pmax(top, v128.load(at));
  if (count & 3) top = f32x4.pmax(top, v128.bitselect(v128.load(whole), before, tail));
  const maximum = f32x4.splat(maxLanes(top));
  const decay = exp2(f32x4.sub(before, maximum));
  let sum = f32x4.mul(v128.load(unit, 16), decay);
  for (let at = row; at < whole; at += 16) {
    const weight = exp2(f32x4.sub(v128.load(at), maximum));
    v128.store(at, weight);
    sum = f32x4.add(sum, weight);
  }
  if (count & 3) {
    const weight = exp2(f32x4.sub(v128.load(whole), maximum));
    v128.store(whole, weight);
    sum = v128.bitselect(f32x4.add(sum, weight), sum, tail);
  }
  v128.store(unit, maximum);
  v128.store(unit, sum, 16);
  const end = out + <usize>headDim * 4;
  for (; out < end; out += 16) v128.store(out, f32x4.mul(v128.load(out), decay));
}

export function finish(endUnit: usize): void {
  for (let unit = units; unit < endUnit; unit += 64) {
    const scale = f32x4.splat(<f32>1 / sumLanes(v128.load(unit, 16)));
    let out = outputOf(unit);
    const end = out + <usize>headDim * 4;
    for (; out < end; out += 16) v128.store(out, f32x4.mul(v128.load(out), scale));
  }
}
