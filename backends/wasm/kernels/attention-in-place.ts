// Attention of a single row over one tile, read where the blocks lie: for one row a copy of the tile would cost as much as
// the arithmetic. Same order of additions as over a copied tile, so the same bits.

import { tile2x8x2, tile2x16Onto } from "./gemm";
import { blockTokens, headDim, scores } from "./layout";
import { blockKeys } from "./rows";
import { outputOf, queryOf, weigh } from "./units";

/** An even number of units that all see `count` keys of the tile. Blocks hold a multiple of 8 tokens. */
export function attendInPlace(layer: i32, kvHead: i32, table: usize, tile: i32, count: i32, unit: usize, end: usize): void {
  for (; unit < end; unit += 128) {
    scorePair(layer, kvHead, table, tile, count, unit);
    weigh(scores, unit, count, outputOf(unit));
    weigh(scores + 256, unit + 64, count, outputOf(unit + 64));
    sumPair(layer, kvHead, table, tile, count, unit);
  }
}

function scorePair(layer: i32, kvHead: i32, table: usize, tile: i32, count: i32, unit: usize): void {
  const q0 = queryOf(unit), q1 = queryOf(unit + 64);
  for (let column = 0; column < count; column += 16) {
    const k0 = keysAt(layer, kvHead, table, tile + column);
    const k1 = column + 8 < count ? keysAt(layer, kvHead, table, tile + column + 8) : k0;
    const to = scores + <usize>column * 4;
    tile2x8x2(q0, q1, k0, k1, <usize>blockTokens * 4, headDim, to, to + 256);
  }
}

function sumPair(layer: i32, kvHead: i32, table: usize, tile: i32, count: i32, unit: usize): void {
  const o0 = outputOf(unit), o1 = outputOf(unit + 64);
  const width = <usize>headDim * 4;
  let run = 0;
  for (let done = 0; done < count; done += run) {
    const offset = (tile + done) % blockTokens;
    run = min(blockTokens - offset, count - done);
    const values = blockAt(layer, kvHead, table, tile + done) + <usize>(blockTokens + offset) * width;
    const weights = scores + <usize>done * 4;
    for (let column: usize = 0; column < width; column += 64) {
      tile2x16Onto(weights, weights + 256, values + column, width, run, o0 + column, o1 + column);
    }
  }
}

function blockAt(layer: i32, kvHead: i32, table: usize, position: i32): usize {
  return blockKeys(load<i32>(table + <usize>(position / blockTokens) * 4), layer, kvHead);
}

/** Keys from a position on, which is a multiple of 8. */
function keysAt(layer: i32, kvHead: i32, table: usize, position: i32): usize {
  return blockAt(layer, kvHead, table, position) + <usize>(position % blockTokens) * 4;
}
