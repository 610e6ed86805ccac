import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A calibration as `memwall calibrate --out` writes it, of a made-up machine: the plan is then the same everywhere. */
export function writeCostModel(folder: string): string {
  const path = join(folder, 'cost-model.json')
  writeFileSync(path, JSON.stringify(calibration))
  return path
}

const calibration = {
  version: 1,
  backend: 'wasm',
  variant: 'float32, relaxed simd (fma), 64 keys a tile',
  blockTokens: 4,
  maxBatchedTokens: 128,
  machine: 'a test',
  fitErrorRelative: 0.05,
  fetchBytesPerMs: 5e6,
  costModel: {
    layerFlopsPerToken: 1_474_560,
    projectionFlopsPerRow: 196_608,
    layerWeightBytes: 2_949_120,
    projectionWeightBytes: 393_216,
    attentionFlopsPerPair: 2048,
    kvBytesPerToken: 2048,
    linearFlopsPerMs: 4e7,
    attentionFlopsPerMs: 4e7,
    weightBytesPerMs: 1e15,
    kvBytesPerMs: 8e6,
    stepOverheadMs: 0.08,
    decodeRowMs: 0,
  },
}
