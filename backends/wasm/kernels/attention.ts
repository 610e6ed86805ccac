// Causal attention of a run of rows over a sequence's paged keys and values: two small matrix products per tile with
// online softmax between. Tiles start at multiples of 64 in absolute position, whatever the blocks and chunks are.
// The query heads of a kv group are units beside each other, so a tile's keys and values are read once for all of them.

import { attendInPlace } from "./attention-in-place";
import { tile1x16, tile1x16Onto, tile2x16, tile2x16Onto } from "./gemm";
import { blockTokens, headDim, heads, kvHeads, rowBlock, scores, tileK, tileV, units } from "./layout";
import { blockKeys, copyRow } from "./rows";
import { begin, finish, outputOf, queryOf, visible, weigh } from "./units";

/**
 * Rows `first` to `first + rows` of the row block, at consecutive positions from `position`. The kv heads of a tile come
 * one after another because they lie beside each other in a block.
 */
export function attend(layer: i32, table: usize, position: i32, first: i32, rows: i32): void {
  const group = heads / kvHeads;
  const seen = position + rows;
  const bytes = <usize>(rows * group) * 64;
  const inPlace = rows == 1 && group % 2 == 0 && blockTokens % 8 == 0;
  for (let kvHead = 0; kvHead < kvHeads; kvHead++) begin(units + kvHead * bytes, kvHead, group, position, first, rows);
  for (let tile = 0; tile < seen; tile += 64) {
    const hidden = <usize>(max(0, tile - position) * group) * 64;
    for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
      const endUnit = units + <usize>(kvHead + 1) * bytes;
      if (inPlace) {
        attendInPlace(layer, kvHead, table, tile, min(64, seen - tile), endUnit - bytes, endUnit);
        continue;
      }
      gather(layer, kvHead, table, tile, min(64, seen - tile));
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
