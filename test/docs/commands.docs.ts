import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DocCommand, docCommands } from './doc-commands.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const here = mkdtempSync(join(tmpdir(), 'memwall-docs-'))
const folder = join(here, 'work')
afterAll(() => rmSync(here, { recursive: true }))

/** What makes a command that takes minutes take seconds, and leaves it what it is. The first that fits is added. */
const shorter: readonly (readonly [command: RegExp, added: string])[] = [
  [/compare --base-dir/, '--rounds 1'],
  [/run suites\/nightly.yaml --shard/, '--filter chat,rag,tax-filing,agent-swarm,dram-sizes --requests 20 --out shard'],
  [/run suites\/nightly.yaml(?!.*--filter)/, '--filter chat --requests 20'],
  [/run suites\/nightly.yaml/, '--requests 20'],
  [/memwall run .*--trace trace.jsonl/, '--requests 8'],
  [/memwall run .*--trace agents/, '--requests 8 --draws 1 --seeds 2 --sweep sessions-per-replica=8'],
  [/memwall run .*--sweep/, '--requests 40 --seeds 1'],
  [/memwall run --backend reference/, ''],
  [/memwall run .*own-experiment/, '--requests 40 --seeds 1 --sweep sessions-per-replica=12'],
  [/memwall run .*--backend model/, '--requests 40 --seeds 1 --sweep sessions-per-replica=8'],
  [/memwall verify(?!.*--quick)/, '--quick'],
]

/** Not run as they stand, and why. */
const elsewhere: readonly (readonly [command: RegExp, why: string])[] = [
  [/^git clone /, 'the newcomer does it'],
  [/^npm test$/, 'that is what runs the other tests'],
  [/^python3 tools\/measure_gpu.py/, 'needs PyTorch; a test checks its syntax and its columns'],
]

/** Groups of processes that a test which took too long would leave behind. */
const running = new Set<number>()
afterEach(() => {
  for (const group of running) process.kill(-group, 'SIGKILL')
  running.clear()
})

const commands = [...new Map(docCommands(root).map((one) => [one.command, one])).values()]

beforeAll(async () => {
  mkdirSync(folder)
  for (const name of [
    'examples',
    'suites',
    'scripts',
    'dist',
    'backends',
    'bench',
    'bin',
    'tools',
    'package.json',
    'node_modules',
    'workloads',
  ]) {
    symlinkSync(join(root, name), join(folder, name))
  }
  symlinkSync(root, join(here, 'base'))
  const requests = Array.from({ length: 400 }, (_, i) =>
    JSON.stringify({
      timestamp: i * 400,
      input_length: 2048,
      output_length: 30,
      hash_ids: [i % 7, 100 + (i % 40), i + 1000, i + 5000],
    }),
  ).join('\n')
  writeFileSync(join(folder, 'trace.jsonl'), `${requests}\n`)
  for (const name of ['trace.jsonl.gz', 'conversation.jsonl.gz'])
    writeFileSync(join(folder, name), gzipSync(`${requests}\n`))
  writeFileSync(join(folder, 'agents.jsonl.gz'), gzipSync(agentTrace()))
  writeFileSync(join(folder, 'points.csv'), points)
  writeFileSync(join(folder, 'mine.yaml'), 'gpu: h100-sxm\ntp: 4\nweights: fp8\n')
  copyFileSync(join(root, 'claims/weka-4.2x.yaml'), join(folder, 'my-claim.yaml'))
  await memwall('run --backend model --workload chat --requests 20 --seeds 1 --history reports/history --out first')
  await memwall('run --backend model --workload chat --requests 20 --seeds 1 --history reports/history --out second')
  copyFileSync(join(folder, 'first/report.json'), join(folder, 'base.json'))
  copyFileSync(join(folder, 'second/report.json'), join(folder, 'head.json'))
  await memwall('run --backend model --workload chat --requests 20 --seeds 1 --shard 1/1 --out shards')
})

describe('every command of the docs does what it says', () => {
  test('there are such commands in every document that has any', () => {
    expect(commands.length).toBeGreaterThan(60)
    for (const file of [
      'README.md',
      'docs/ci.md',
      'docs/getting-started.md',
      'docs/claims.md',
      'docs/writing-a-workload.md',
    ]) {
      expect(commands.filter(({ place }) => place === file).length, file).toBeGreaterThan(0)
    }
  })

  test.each(commands.filter(({ command }) => !elsewhere.some(([pattern]) => pattern.test(command))))(
    '$command ($place)',
    async ({ command }) => {
      const { code, stderr } = await run(inFull(command))
      expect(stderr).not.toMatch(/Internal error|^Error/m)
      // Times decide this one's verdict, and a test decides nothing by times.
      const codes = /compare --base-dir/.test(command) ? [0, 1] : [0]
      expect(codes, stderr).toContain(code)
    },
  )
})

/** The command as it is run here: the checkout's own memwall, shortened. */
function inFull(command: DocCommand['command']): string {
  if (command === 'npm start')
    return `npm --prefix "${root}" start -- --requests 8 --draws 1 --seeds 2 --sweep sessions-per-replica=8 --out "${folder}/started"`
  const added = shorter.find(([pattern]) => pattern.test(command))?.[1] ?? ''
  const own = command.replace(/^(?:npx )?memwall\b/, `"${process.execPath}" "${join(root, 'bin/memwall.js')}"`)
  return `${own} ${added}`.replace(/^npm run/, `npm --prefix "${root}" run`)
}

/** Forty conversations of four growing turns in WEKA's format. */
function agentTrace(): string {
  const conversation = (id: number): object => ({
    id: `c${id}`,
    block_size: 64,
    hash_id_scope: 'local',
    tool_tokens: 600,
    system_tokens: 100,
    requests: Array.from({ length: 4 }, (_, turn) => {
      const blocks = 100 + 20 * turn
      const hash_ids = Array.from({ length: blocks }, (_, i) => i + 1)
      return { t: 0, type: 'n', in: blocks * 64 - 10, out: 40, hash_ids, think_time: 2 }
    }),
  })
  return Array.from({ length: 40 }, (_, id) => `${JSON.stringify(conversation(id))}\n`).join('')
}

const points = `context_tokens,seconds
1024,0.1
4096,0.4
16384,1.9
65536,11
`

async function memwall(args: string): Promise<void> {
  const { code, stderr } = await run(inFull(`memwall ${args}`))
  expect(code, stderr).toBe(0)
}

async function run(command: string): Promise<{ code: number; stderr: string }> {
  const child = spawn('bash', ['-c', command], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  running.add(child.pid!)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  running.delete(child.pid!)
  return { code, stderr }
}
