// Causal attention of a run of rows over a sequence's paged keys and values: two small matrix products per tile with
// online softmax between. Tiles start at multiples of 64 in absolute position, whatever the blocks and chunks are.

import { tile1x16, tile1x16Onto, tile2x16, tile2x16Onto } from "./gemm";
import { attended, blockTokens, headDim, heads, kvHeads, qkv, qkvColumns, rowBlock, scores, softmax, tileK, tileV } from "./layout";
import { exp2, maxLanes, sumLanes } from "./math";
import { blockKeys } from "./rows";

/**
 * Rows `first` to `first + rows` of the row block, at consecutive positions from `position`. A *unit* is one query head of
 * one row; the heads of a kv group stand beside each other, so a tile's keys and values are read once for all of them.
 */
export function attend(layer: i32, table: usize, position: i32, first: i32, rows: i32): void {
  const group = heads / kvHeads;
  const seen = position + rows;
  for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
    begin(kvHead, first, rows * group);
    for (let tile = 0; tile < seen; tile += 64) {
      gather(layer, kvHead, table, tile, min(64, seen - tile));
      const units = rows * group;
      for (let unit = max(0, tile - position) * group; unit < units; unit += 2 * rowBlock) {
        const count = min(2 * rowBlock, units - unit);
        scoreUnits(kvHead, first, unit, count, position - tile);
        weighUnits(kvHead, first, unit, count, position - tile);
      }
    }
    finish(kvHead, first, rows * group);
  }
}

/** Address of a unit's query in `qkv`. */
function queryOf(kvHead: i32, first: i32, unit: i32): usize {
  const group = heads / kvHeads;
  return qkv + (<usize>(first + unit / group) * qkvColumns + <usize>(kvHead * group + unit % group) * headDim) * 4;
}

/** Address of a unit's output in `attended`. */
function outputOf(kvHead: i32, first: i32, unit: i32): usize {
  const group = heads / kvHeads;
  return attended + (<usize>(first + unit / group) * heads + <usize>(kvHead * group + unit % group)) * headDim * 4;
}

/** How many keys of a tile a unit sees; `ahead` is the position of row 0 less the tile's start. */
function visible(unit: i32, ahead: i32): i32 {
  return min(64, ahead + unit / (heads / kvHeads) + 1);
}

function begin(kvHead: i32, first: i32, units: i32): void {
  for (let unit = 0; unit < units; unit++) {
    memory.fill(outputOf(kvHead, first, unit), 0, <usize>headDim * 4);
    v128.store(softmax + <usize>unit * 32, f32x4.splat(-1e30));
    v128.store(softmax + <usize>unit * 32, f32x4.splat(0), 16);
  }
}

/** Copies a tile's keys and values out of the blocks they lie in. What was never written is not read. */
function gather(layer: i32, kvHead: i32, table: usize, tile: i32, count: i32): void {
  const stride = <usize>blockTokens * 4;
  for (let done = 0; done < count; ) {
    const position = tile + done;
    const offset = position % blockTokens;
    const run = min(blockTokens - offset, count - done);
    const keys = blockKeys(load<i32>(table + <usize>(position / blockTokens) * 4), layer, kvHead);
    let from = keys + <usize>offset * 4;
    const end = from + <usize>headDim * stride;
    for (let to = tileK + <usize>done * 4; from < end; from += stride, to += 256) copyRun(to, from, run);
    memory.copy(
      tileV + <usize>(done * headDim) * 4,
      keys + <usize>headDim * stride + <usize>(offset * headDim) * 4,
      <usize>(run * headDim) * 4,
    );
    done += run;
  }
}

function copyRun(to: usize, from: usize, run: i32): void {
  let i = run;
  for (; i > 3; i -= 4, to += 16, from += 16) v128.store(to, v128.load(from));
  for (; i > 0; i--, to += 4, from += 4) store<f32>(to, load<f32>(from));
}

function scoreUnits(kvHead: i32, first: i32, unit: i32, count: i32, ahead: i32): void {
  let to = scores;
  let u = unit;
  const end = unit + count;
  for (; u + 1 < end; u += 2, to += 512) {
    const q0 = queryOf(kvHead, first, u), q1 = queryOf(kvHead, first, u + 1);
    const columns = visible(u + 1, ahead);
    for (let column = 0; column < columns; column += 16) {
      const offset = <usize>column * 4;
      tile2x16(q0, q1, tileK + offset, 256, headDim, to + offset, to + 256 + offset);
    }
  }
  if (u < end) {
    const q = queryOf(kvHead, first, u);
    const columns = visible(u, ahead);
    for (let column = 0; column < columns; column += 16) {
      const offset = <usize>column * 4;
      tile1x16(q, tileK + offset, 256, headDim, to + offset);
    }
  }
}

function weighUnits(kvHead: i32, first: i32, unit: i32, count: i32, ahead: i32): void {
  const width = <usize>headDim * 4;
  let from = scores;
  let u = unit;
  const end = unit + count;
  for (; u + 1 < end; u += 2, from += 512) {
    const o0 = outputOf(kvHead, first, u), o1 = outputOf(kvHead, first, u + 1);
    const v0 = visible(u, ahead), v1 = visible(u + 1, ahead);
    weigh(from, softmax + <usize>u * 32, v0, o0);
    weigh(from + 256, softmax + <usize>(u + 1) * 32, v1, o1);
    for (let column: usize = 0; column < width; column += 64) {
      tile2x16Onto(from, from + 256, tileV + column, width, v0, o0 + column, o1 + column);
      if (v1 > v0)
        tile1x16Onto(from + 256 + <usize>v0 * 4, tileV + <usize>v0 * width + column, width, v1 - v0, o1 + column);
    }
  }
  if (u < end) {
    const o = outputOf(kvHead, first, u);
    const v = visible(u, ahead);
    weigh(from, softmax + <usize>u * 32, v, o);
    for (let column: usize = 0; column < width; column += 64) tile1x16Onto(from, tileV + column, width, v, o + column);
  }
}

/** Turns a unit's scores into weights, and rescales what it has gathered so far. Lanes past `count` are never used. */
function weigh(row: usize, state: usize, count: i32, out: usize): void {
  const whole = <usize>(count & ~3) * 4;
  const tail = i32x4.gt_s(i32x4.splat(count & 3), i32x4(0, 1, 2, 3));
  const before = v128.load(state);
  let top = before;
  for (let i: usize = 0; i < whole; i += 16) top = f32x4.pmax(top, v128.load(row + i));
  if (count & 3) top = f32x4.pmax(top, v128.bitselect(v128.load(row + whole), before, tail));
  const maximum = f32x4.splat(maxLanes(top));
  const decay = exp2(f32x4.sub(before, maximum));
  let sum = f32x4.mul(v128.load(state, 16), decay);
  for (let i: usize = 0; i < whole; i += 16) {
    const weight = exp2(f32x4.sub(v128.load(row + i), maximum));
    v128.store(row + i, weight);
    sum = f32x4.add(sum, weight);
  }
  if (count & 3) {
    const weight = exp2(f32x4.sub(v128.load(row + whole), maximum));
    v128.store(row + whole, weight);
    sum = v128.bitselect(f32x4.add(sum, weight), sum, tail);
  }
  v128.store(state, maximum);
  v128.store(state, sum, 16);
  const end = out + <usize>headDim * 4;
  for (; out < end; out += 16) v128.store(out, f32x4.mul(v128.load(out), decay));
}

function finish(kvHead: i32, first: i32, units: i32): void {
  for (let unit = 0; unit < units; unit++) {
    const scale = f32x4.splat(<f32>1 / sumLanes(v128.load(softmax + <usize>unit * 32, 16)));
    let out = outputOf(kvHead, first, unit);
    const end = out + <usize>headDim * 4;
    for (; out < end; out += 16) v128.store(out, f32x4.mul(v128.load(out), scale));
  }
}
