// What a generated workload looks like, beside traces: one row of a Markdown table each. Full scale, blocks of 64 tokens.
// `node scripts/workload-statistics.mjs [NAME…] [--seed 1] [--params '{"conversations": 100}'] [--trace FILE]…`; without
// names and traces, all workloads. A trace keeps its own blocks; of a .csv (Azure's) only lengths are known.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { setup } from './setup.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    params: { type: 'string', default: '{}' },
    trace: { type: 'string', multiple: true, default: [] },
  },
})

setup()
const { seededRandom } = await import('../dist/src/random.js')
const { asConversations, statisticsOf } = await import('../dist/src/workload/statistics.js')
const { readTrace } = await import('../dist/src/workload/trace.js')
const { workloads } = await import('../dist/workloads/registry.js')

const names = positionals.length + values.trace.length > 0 ? positionals : workloads.map(({ name }) => name)
console.log('| | ceiling | prompt P10 / P50 / P90 | output P50, mean | think P50 | requests P10 / P50 / P90 |')
console.log('|---|---:|---:|---:|---:|---:|')
for (const name of names) print(name, statisticsOf(generated(name), 64))
for (const path of values.trace) print(basename(path), await statisticsOfTrace(path))

/** Drawn as `memwall run` draws it. */
function generated(name) {
  const workload = workloads.find((candidate) => candidate.name === name)
  if (workload === undefined) {
    console.error(`unknown workload "${name}". Known: ${workloads.map((known) => known.name).join(', ')}.`)
    process.exit(2)
  }
  const params = workload.params.parse(JSON.parse(values.params))
  const random = seededRandom(Number(values.seed)).fork('workload', name)
  return [...workload.conversations(params, random, { blockTokens: 64, tokenScale: 1, outputScale: 1 })]
}

async function statisticsOfTrace(path) {
  if (/\.csv(\.gz)?$/.test(path)) {
    return {
      ...statisticsOf(asConversations(lengthsOf(path)), 64),
      ceilingHitRate: undefined,
      requestsPerConversation: [],
    }
  }
  const trace = await readTrace(path, { scale: { blockTokens: undefined, tokenScale: 1, outputScale: 1 } })
  if (trace.kind === 'conversations') return statisticsOf(trace.conversations, trace.blockTokens)
  return { ...statisticsOf(asConversations(trace.requests), trace.blockTokens), requestsPerConversation: [] }
}

/** TIMESTAMP,ContextTokens,GeneratedTokens. */
function lengthsOf(path) {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  const rows = text.trim().split(/\r?\n/).slice(1)
  return rows.map((row, index) => {
    const [, promptTokens, outputTokens] = row.split(',')
    return {
      id: `${index + 1}`,
      blockHashes: new Float64Array(0),
      promptTokens: Number(promptTokens),
      outputTokens: Number(outputTokens),
    }
  })
}

function print(name, statistics) {
  const whole = (value) => Math.round(value).toLocaleString('en')
  const all = (numbers) => (numbers.length === 0 ? '–' : numbers.map(whole).join(' / '))
  const { ceilingHitRate, thinkSecondsP50 } = statistics
  const cells = [
    name,
    ceilingHitRate === undefined ? '–' : ceilingHitRate.toFixed(3),
    all(statistics.promptTokens),
    `${whole(statistics.outputTokensP50)}, ${whole(statistics.outputTokensMean)}`,
    thinkSecondsP50 === undefined ? '–' : `${whole(thinkSecondsP50)} s`,
    all(statistics.requestsPerConversation),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
