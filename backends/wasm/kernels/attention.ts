// Causal attention of a run of rows over a sequence's paged keys and values: two small matrix products per tile with
// online softmax between. Tiles start at multiples of 64 in absolute position, whatever the blocks and chunks are.
// A *unit* is one query head of one row. The heads of a kv group stand beside each other, so a tile's keys and values
// are read once for all of them.

import { tile1x16, tile1x16Onto, tile2x16, tile2x16Onto } from "./gemm";
import { attended, blockTokens, headDim, heads, kvHeads, qkv, qkvColumns, rowBlock, scores, tileK, tileV, units } from "./layout";
import { exp2, maxLanes, sumLanes } from "./math";
import { blockKeys, copyRow } from "./rows";

/**
 * Rows `first` to `first + rows` of the row block, at consecutive positions from `position`. The kv heads of a tile come
 * one after another because they lie beside each other in a block.
 */
export function attend(layer: i32, table: usize, position: i32, first: i32, rows: i32): void {
  const group = heads / kvHeads;
  const seen = position + rows;
  const bytes = <usize>(rows * group) * 64;
  for (let kvHead = 0; kvHead < kvHeads; kvHead++) begin(units + kvHead * bytes, kvHead, group, position, first, rows);
  for (let tile = 0; tile < seen; tile += 64) {
    const hidden = <usize>(max(0, tile - position) * group) * 64;
    for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
      gather(layer, kvHead, table, tile, min(64, seen - tile));
      const endUnit = units + <usize>(kvHead + 1) * bytes;
      let end: usize = 0;
      for (let unit = endUnit - bytes + hidden; unit < endUnit; unit = end) {
        end = min(endUnit, unit + <usize>rowBlock * 128);
        scoreUnits(unit, end, tile);
        weighUnits(unit, end, tile);
      }
    }
  }
  finish(units + kvHeads * bytes);
}

/** Lays out the units: running maximum (16 bytes), running sum (16), then query, output and position of the row. */
function begin(unit: usize, kvHead: i32, group: i32, position: i32, first: i32, rows: i32): void {
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

function queryOf(unit: usize): usize {
  return load<usize>(unit, 32);
}

function outputOf(unit: usize): usize {
  return load<usize>(unit, 36);
}

/** How many keys of a tile a unit sees. */
function visible(unit: usize, tile: i32): i32 {
  return min(64, load<i32>(unit, 40) - tile + 1);
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
    let to = tileK + <usize>done * 4;
    if (run == 8) {
      for (; from < end; from += stride, to += 256) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
    } else {
      for (; from < end; from += stride, to += 256) copyRun(to, from, run);
    }
    copyRow(
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

function scoreUnits(unit: usize, end: usize, tile: i32): void {
  let to = scores;
  for (; unit + 64 < end; unit += 128, to += 512) {
    const q0 = queryOf(unit), q1 = queryOf(unit + 64);
    const columns = <usize>visible(unit + 64, tile) * 4;
    for (let column: usize = 0; column < columns; column += 64) {
      tile2x16(q0, q1, tileK + column, 256, headDim, to + column, to + 256 + column);
    }
  }
  if (unit < end) {
    const columns = <usize>visible(unit, tile) * 4;
    for (let column: usize = 0; column < columns; column += 64) {
      tile1x16(queryOf(unit), tileK + column, 256, headDim, to + column);
    }
  }
}

function weighUnits(unit: usize, end: usize, tile: i32): void {
  const width = <usize>headDim * 4;
  let from = scores;
  for (; unit + 64 < end; unit += 128, from += 512) {
    const o0 = outputOf(unit), o1 = outputOf(unit + 64);
    const v0 = visible(unit, tile), v1 = visible(unit + 64, tile);
    weigh(from, unit, v0, o0);
    weigh(from + 256, unit + 64, v1, o1);
    for (let column: usize = 0; column < width; column += 64) {
      tile2x16Onto(from, from + 256, tileV + column, width, v0, o0 + column, o1 + column);
      if (v1 > v0)
        tile1x16Onto(from + 256 + <usize>v0 * 4, tileV + <usize>v0 * width + column, width, v1 - v0, o1 + column);
    }
  }
  if (unit < end) {
    const out = outputOf(unit);
    const seen = visible(unit, tile);
    weigh(from, unit, seen, out);
    for (let column: usize = 0; column < width; column += 64) tile1x16Onto(from, tileV + column, width, seen, out + column);
  }
}

/** Turns a unit's scores into weights, and rescales what it has summed so far. Lanes past `count` are never used. */
function weigh(row: usize, unit: usize, count: i32, out: usize): void {
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

function finish(endUnit: usize): void {
  for (let unit = units; unit < endUnit; unit += 64) {
    const scale = f32x4.splat(<f32>1 / sumLanes(v128.load(unit, 16)));
    let out = outputOf(unit);
    const end = out + <usize>headDim * 4;
    for (; out < end; out += 16) v128.store(out, f32x4.mul(v128.load(out), scale));
  }
}
