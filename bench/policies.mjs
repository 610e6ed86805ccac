// Speed and memory of eviction policies: `npm run build && node bench/policies.mjs [policy …]`. 10 million accesses,
// Zipf(1.0) over a million ids, 100,000 slots, one thread, medians of three; run it on a quiet machine.
// Each policy runs in a process of its own, as each runs in a thread of its own in the lab.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { policies } from '../dist/src/cache/policies/registry.js'
import { createPolicy, NONE, noFacts } from '../dist/src/cache/policy.js'
import { LabMemory } from '../dist/src/lab/replay/memory.js'

const accesses = 10_000_000
const ranks = 1_000_000
const ids = 1_000_003
const slots = 100_000
const runs = 3

/** Million accesses a second: twice what libCacheSim does on this kind of machine. */
const targets = { lru: 9.6, fifo: 12, arc: 6.4, 's3-fifo': 3, sieve: 7.4, lfu: 4.2, 'w-tinylfu': 2.8 }

/** Of libCacheSim, on the same stream. */
const publishedMissRatios = { lru: 0.2232, fifo: 0.2527, arc: 0.1901, 's3-fifo': 0.1885 }

/** 64-bit xorshift (13, 7, 17) in two halves; u = (x >> 11) × 2⁻⁵³; the rank by the inverse of the cumulated 1 ÷ (i + 1). */
function zipfStream(stream) {
  const cumulated = new Float64Array(ranks)
  let sum = 0
  for (let i = 0; i < ranks; i++) {
    sum += 1 / (i + 1)
    cumulated[i] = sum
  }
  const seed = 88172645463325252n
  let high = Number(seed >> 32n) | 0
  let low = Number(seed & 0xffffffffn) | 0
  for (let at = 0; at < accesses; at++) {
    high ^= (high << 13) | (low >>> 19)
    low ^= low << 13
    low ^= (low >>> 7) | (high << 25)
    high ^= high >>> 7
    high ^= (high << 17) | (low >>> 15)
    low ^= low << 17
    const u = ((high >>> 0) * 2 ** 21 + (low >>> 11)) * 2 ** -53
    stream[at] = (rankOf(cumulated, u * sum) * 2_654_435_761) % ids
  }
}

/** The first rank whose cumulated weight is not less. */
function rankOf(cumulated, weight) {
  let from = 0
  let to = ranks - 1
  while (from < to) {
    const middle = (from + to) >> 1
    if (cumulated[middle] < weight) from = middle + 1
    else to = middle
  }
  return from
}

/** Ids in order of first use, as the lab makes them dense once for every trace. */
function makeDense(stream) {
  const numbers = new Int32Array(ids).fill(NONE)
  let distinct = 0
  for (let at = 0; at < accesses; at++) {
    if (numbers[stream[at]] === NONE) numbers[stream[at]] = distinct++
    stream[at] = numbers[stream[at]]
  }
}

/** When each access's block is used next, for policies that know the future. */
function nextUses(stream) {
  const next = new Int32Array(accesses)
  const soonest = new Int32Array(ids).fill(accesses)
  for (let at = accesses - 1; at >= 0; at--) {
    next[at] = soonest[stream[at]]
    soonest[stream[at]] = at
  }
  return next
}

function bytesHeld() {
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().arrayBuffers
}

function measure(policy, stream) {
  const future = policy.knows.includes('future') ? nextUses(stream) : undefined
  const facts = { ...noFacts, nextUse: 0, flopsOf: () => 1, blockBytes: 1 }
  const before = bytesHeld()
  const slotOf = new Int32Array(ids).fill(NONE)
  const withIds = bytesHeld()
  const memory = new LabMemory(createPolicy(policy, slots, facts), slots, slotOf)
  const withSlots = bytesHeld()
  let misses = 0
  const start = performance.now()
  const cpuStart = process.cpuUsage()
  for (let at = 0; at < accesses; at++) {
    if (future !== undefined) facts.nextUse = future[at] === accesses ? Number.POSITIVE_INFINITY : future[at]
    if (!memory.refer(stream[at])) misses++
  }
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpuStart)
  return {
    millionsPerSecond: accesses / seconds / 1e6,
    millionsPerCpuSecond: accesses / (user + system),
    missRatio: misses / accesses,
    bytesPerSlot: (withSlots - withIds) / slots,
    bytesPerId: (withIds - before) / ids,
  }
}

async function inOwnProcess(name, buffer) {
  const child = fork(new URL(import.meta.url), ['--measure', name], {
    execArgv: ['--expose-gc'],
    serialization: 'advanced',
  })
  child.send(buffer)
  const [result] = await once(child, 'message')
  return result
}

function rowOf(name, { millionsPerSecond, millionsPerCpuSecond, missRatio, bytesPerSlot, bytesPerId }) {
  const published = publishedMissRatios[name]
  return [
    name.padEnd(12),
    millionsPerSecond.toFixed(1).padStart(6),
    millionsPerCpuSecond.toFixed(1).padStart(9),
    (targets[name]?.toFixed(1) ?? '–').padStart(8),
    missRatio.toFixed(4).padStart(11),
    (published?.toFixed(4) ?? '–').padStart(10),
    bytesPerSlot.toFixed(1).padStart(11),
    bytesPerId.toFixed(1).padStart(9),
  ].join(' ')
}

if (process.argv[2] === '--measure') {
  const policy = policies.find(({ name }) => name === process.argv[3])
  const [stream] = await once(process, 'message')
  const measured = Array.from({ length: runs }, () => measure(policy, stream))
  process.send(measured.sort((a, b) => a.millionsPerSecond - b.millionsPerSecond)[runs >> 1])
  process.disconnect()
} else {
  const wanted = process.argv.slice(2)
  const stream = new Int32Array(accesses)
  zipfStream(stream)
  makeDense(stream)
  console.log('policy        M/s  M/s (CPU)  target  miss ratio  published  bytes/slot  bytes/id')
  for (const { name } of policies) {
    if (wanted.length === 0 || wanted.includes(name)) console.log(rowOf(name, await inOwnProcess(name, stream)))
  }
}
