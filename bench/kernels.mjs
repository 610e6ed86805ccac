// Speed of the kernels on one core, in the mock's own shape or with another ffn and block size:
// `npm run build && node bench/kernels.mjs [ffn] [block tokens]`. Medians; run it on a quiet machine.

import { wasm, wasmSimd } from '../dist/backends/wasm/index.js'
import { instantiate } from '../dist/backends/wasm/kernels.js'
import { capForPool, createGpuMemory, gpuLayout, kvBlock } from '../dist/src/gpu/memory.js'
import { mockBlockTokens, mockModel } from '../dist/src/gpu/mock-model.js'
import { layerParameters, projectionParameters } from '../dist/src/gpu/model-shape.js'
import { copyWeights, initialise } from '../dist/src/gpu/weights.js'
import { seededRandom } from '../dist/src/random.js'

const contextTokens = 1600
const ffn = Number(process.argv[2] ?? mockModel.ffn)
const blockTokens = Number(process.argv[3] ?? mockBlockTokens)
const shape = { ...mockModel, ffn, maxContextTokens: 1704 }

const blocksPerSequence = Math.ceil(shape.maxContextTokens / blockTokens)
const sequences = 3
const layout = gpuLayout(
  shape,
  blockTokens,
  contextTokens,
  capForPool(shape, blockTokens, contextTokens, sequences * blocksPerSequence),
)
const random = seededRandom(1)
const tokens = Int32Array.from({ length: contextTokens }, () => random.integer(shape.vocabulary))
const order = Int32Array.from({ length: layout.poolBlocks }, (_, slot) => slot)
for (let i = order.length - 1; i > 0; i--) {
  const j = random.integer(i + 1)
  ;[order[i], order[j]] = [order[j], order[i]]
}
const tables = Array.from({ length: sequences }, (_, i) =>
  order.subarray(i * blocksPerSequence, (i + 1) * blocksPerSequence),
)

/** Median milliseconds of `runs` calls, after a few that do not count. */
function medianMs(runs, call) {
  const samples = []
  for (let run = -Math.ceil(runs / 4); run < runs; run++) {
    const start = performance.now()
    call(run)
    if (run >= 0) samples.push(performance.now() - start)
  }
  return samples.sort((a, b) => a - b)[Math.floor(runs / 2)]
}

/** FLOPs of a prefill of `to` - `from` tokens behind `from` others, attention included, with one sampled row. */
function prefillFlops(from, to) {
  const pairs = (to * (to + 1) - from * (from + 1)) / 2
  const linear = 2 * layerParameters(shape) * (to - from) + 2 * projectionParameters(shape)
  return linear + 4 * shape.layers * shape.heads * shape.headDim * pairs
}

function first() {
  const gpu = createGpuMemory(layout)
  initialise(gpu, 1)
  return gpu
}

/** Four GPUs used in turn, so that decode finds its weights and KV in no near cache, as in a run. */
function openGpus(backend) {
  const gpus = [first()]
  while (gpus.length < 4) {
    const gpu = createGpuMemory(layout)
    copyWeights(gpus[0], gpu)
    gpus.push(gpu)
  }
  return gpus.map((memory) => ({ memory, open: backend.open(memory) }))
}

function measure(backend, peakGflops) {
  const gpus = openGpus(backend)
  const prefillAll = ({ open }) => {
    for (const blockTable of tables) open.prefill({ tokens, start: 0, blockTable, sample: true })
  }
  gpus.forEach(prefillAll)
  const [gpu] = gpus
  const chunk = (from) => ({ tokens: tokens.subarray(from), start: from, blockTable: tables[0], sample: true })
  const decodeOf = (batch, position) => ({
    tokens: tokens.subarray(0, batch),
    positions: new Int32Array(batch).fill(position),
    blockTables: tables.slice(0, batch),
  })

  const wholeMs = medianMs(15, () => gpu.open.prefill(chunk(0)))
  const shortMs = medianMs(41, () => gpu.open.prefill(chunk(contextTokens - 60)))
  const linearMs = medianMs(41, () => gpu.open.prefill({ ...chunk(0), tokens: tokens.subarray(0, 128) }))
  const gflops = (flops, ms) => flops / ms / 1e6
  const speed = gflops(prefillFlops(0, contextTokens), wholeMs)
  console.log(`${backend.name}: ${backend.variant()}`)
  console.log(
    `  prefill ${contextTokens}: ${wholeMs.toFixed(1)} ms, ${speed.toFixed(1)} GFLOP/s, ${(speed / peakGflops).toFixed(2)} of peak`,
  )
  console.log(`  prefill 128: ${linearMs.toFixed(2)} ms, ${gflops(prefillFlops(0, 128), linearMs).toFixed(1)} GFLOP/s`)
  console.log(
    `  60 new on ${contextTokens - 60}: ${shortMs.toFixed(2)} ms, ${gflops(prefillFlops(contextTokens - 60, contextTokens), shortMs).toFixed(1)} GFLOP/s`,
  )
  for (const batch of [1, 3]) {
    const warmMs = medianMs(200, () => gpu.open.decode(decodeOf(batch, contextTokens)))
    const coldMs = medianMs(200, (run) => gpus[(run + 400) % 4].open.decode(decodeOf(batch, contextTokens)))
    console.log(
      `  decode at ${contextTokens}, batch ${batch}: ${warmMs.toFixed(3)} ms, four GPUs in turn ${coldMs.toFixed(3)} ms`,
    )
  }
  const checksumMs = medianMs(20, () => tables[0].map((slot) => gpu.open.checksum(slot).length))
  console.log(`  checksum: ${((blocksPerSequence * layout.blockBytes) / checksumMs / 1e6).toFixed(1)} GB/s`)
}

function copySpeed() {
  const [from, to] = [first(), first()]
  const blocks = tables[0].map((slot) => slot)
  const ms = medianMs(40, () => {
    for (const slot of blocks) kvBlock(to, slot).set(kvBlock(from, slot))
  })
  return (blocks.length * layout.blockBytes) / ms / 1e6
}

function peakOf(variant) {
  const rounds = 2_000_000
  const kernels = instantiate(first(), variant)
  return (rounds * 96) / medianMs(9, () => kernels.peak(rounds)) / 1e6
}

const relaxed = wasm.variant().includes('relaxed')
const peaks = { simd: peakOf('simd'), ...(relaxed && { relaxed: peakOf('relaxed') }) }
const peak = Math.max(...Object.values(peaks))
console.log(`model ${JSON.stringify(shape)}, ${blockTokens} tokens a block of ${layout.blockBytes} bytes`)
console.log(
  `weights ${(layout.weightBytes / 1e6).toFixed(2)} MB, scratch ${(layout.scratchBytes / 1e6).toFixed(2)} MB, weights written in ${medianMs(5, first).toFixed(0)} ms`,
)
for (const [name, speed] of Object.entries(peaks))
  console.log(`peak of fma in registers, ${name}: ${speed.toFixed(1)} GFLOP/s`)
console.log(`block copy: ${copySpeed().toFixed(1)} GB/s`)
for (const backend of relaxed ? [wasm, wasmSimd] : [wasmSimd]) measure(backend, peak)
