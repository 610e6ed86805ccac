// A step of the whole model: row blocks go through all layers one after another, which causality allows.

import { attend } from "./attention";
import { gemm } from "./gemm";
import {
  attended, attentionNorm, blockTables, blockTokens, delta, dModel, downWeight, ffn, ffnNorm, finalNorm, gateUpWeight,
  headDim, heads, hidden, kvHeads, layerStride, layers, layerWeights, logits, maxBlocksPerSequence, normed, outputWeight,
  positions, projection, qkv, qkvColumns, qkvWeight, queryScale, residual, rowBlock, tokens, vocabulary,
} from "./layout";
import { addRow, blockKeys, embed, gated, normalise, rotate, writeKv } from "./rows";

export { checksum } from "./checksum";
export { peak } from "./peak";

/** Positions `start` to `start + count` of the sequence whose block table is row 0. Samples the last into logits row 0. */
export function prefill(start: i32, count: i32, sample: i32): void {
  let rows = 0;
  for (let done = 0; done < count; done += rows) {
    rows = min(rowBlock, count - done);
    embedRows(done, rows);
    for (let layer = 0; layer < layers; layer++) {
      projectQkv(layer, rows);
      for (let row = 0; row < rows; row++) placeRow(layer, row, start + done + row, blockTables);
      attend(layer, blockTables, start + done, 0, rows);
      finishLayer(layer, rows);
    }
  }
  if (sample) project(rows - 1, 1, 0);
}

/** One position each of `rows` (at most a row block) sequences; their logits go to rows from `firstLogits`. */
export function decode(firstRow: i32, rows: i32): void {
  embedRows(firstRow, rows);
  for (let layer = 0; layer < layers; layer++) {
    projectQkv(layer, rows);
    for (let row = 0; row < rows; row++) {
      const table = blockTables + <usize>row * maxBlocksPerSequence * 4;
      const position = load<i32>(positions + <usize>(firstRow + row) * 4);
      placeRow(layer, row, position, table);
      attend(layer, table, position, row, 1);
    }
    finishLayer(layer, rows);
  }
  project(0, rows, firstRow);
}

function embedRows(first: i32, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    embed(load<i32>(tokens + <usize>(first + row) * 4), residual + <usize>row * dModel * 4);
  }
}

function normaliseRows(weight: usize, rows: i32): void {
  const stride = <usize>dModel * 4;
  for (let row: usize = 0; row < <usize>rows; row++) normalise(residual + row * stride, weight, normed + row * stride);
}

function addDelta(rows: i32): void {
  const stride = <usize>dModel * 4;
  for (let row: usize = 0; row < <usize>rows; row++) addRow(residual + row * stride, delta + row * stride);
}

function projectQkv(layer: i32, rows: i32): void {
  const weights = layerWeights + <usize>layer * layerStride;
  normaliseRows(weights + attentionNorm, rows);
  gemm(normed, <usize>dModel * 4, weights + qkvWeight, dModel, qkvColumns, qkv, <usize>qkvColumns * 4, rows);
}

/** Rotates a row's queries and keys, and writes its keys and values into their block. */
function placeRow(layer: i32, row: i32, position: i32, table: usize): void {
  const width = <usize>headDim * 4;
  const slot = load<i32>(table + <usize>(position / blockTokens) * 4);
  let vector = qkv + <usize>row * qkvColumns * 4;
  for (let head = 0; head < heads; head++, vector += width) rotate(vector, position, queryScale);
  for (let kvHead = 0; kvHead < kvHeads; kvHead++, vector += width) {
    rotate(vector, position, 1);
    writeKv(vector, vector + <usize>kvHeads * width, blockKeys(slot, layer, kvHead), position % blockTokens);
  }
}

function finishLayer(layer: i32, rows: i32): void {
  const weights = layerWeights + <usize>layer * layerStride;
  const wide = <usize>ffn * 8;
  gemm(attended, <usize>(heads * headDim) * 4, weights + outputWeight, heads * headDim, dModel, delta, <usize>dModel * 4, rows);
  addDelta(rows);
  normaliseRows(weights + ffnNorm, rows);
  gemm(normed, <usize>dModel * 4, weights + gateUpWeight, dModel, 2 * ffn, hidden, wide, rows);
  for (let row: usize = 0; row < <usize>rows; row++) gated(hidden + row * wide);
  gemm(hidden, wide, weights + downWeight, ffn, dModel, delta, <usize>dModel * 4, rows);
  addDelta(rows);
}

function project(first: i32, rows: i32, firstLogits: i32): void {
  const stride = <usize>dModel * 4;
  for (let row: usize = 0; row < <usize>rows; row++) {
    normalise(residual + (<usize>first + row) * stride, finalNorm, normed + row * stride);
  }
  const out = logits + <usize>firstLogits * vocabulary * 4;
  gemm(normed, stride, projection, dModel, vocabulary, out, <usize>vocabulary * 4, rows);
}
