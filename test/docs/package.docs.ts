import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }

const root = fileURLToPath(new URL('../../', import.meta.url))
const here = mkdtempSync(join(tmpdir(), 'memwall-package-'))
afterAll(() => rmSync(here, { recursive: true }))

/** The packed package in an empty folder, beside the libraries that it depends on at run time, and no others. */
beforeAll(() => {
  const packed = npm('pack', '--silent', '--pack-destination', here)
  const modules = join(here, 'node_modules')
  mkdirSync(join(modules, 'memwall'), { recursive: true })
  const tarball = join(here, packed.trim().split('\n').at(-1)!)
  expect(spawnSync('tar', ['-xzf', tarball, '-C', join(modules, 'memwall'), '--strip-components=1']).status).toBe(0)
  for (const name of runtimePackages()) {
    if (name.includes('/')) mkdirSync(join(modules, name.split('/')[0]!), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  writeFileSync(join(here, 'package.json'), '{ "type": "module" }')
}, 120_000)

function npm(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

function runtimePackages(): string[] {
  return npm('ls', '--omit=dev', '--all', '--parseable')
    .split('\n')
    .filter((path) => path.includes('node_modules/'))
    .map((path) => path.replace(/^.*?node_modules\//, ''))
    .filter((name) => !name.includes('node_modules'))
}

function installed(...args: string[]): string {
  const bin = join(here, 'node_modules/memwall/bin/memwall.js')
  const { stdout, stderr, status } = spawnSync(process.execPath, [bin, ...args], { cwd: here, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: root, strict: true })
  expect(messages.map((message) => formatMessage(message, packageJson))).toEqual([])
})

test('the wall, with the catalogue that comes along', () => {
  expect(installed('wall')).toContain('llama-3.1-70b')
})

test('the claims that come along, all of them', () => {
  const { claims } = JSON.parse(installed('verify', '--quick', '--json'))
  const files = readdirSync(join(root, 'claims')).filter((name) => name.endsWith('.yaml') && name !== 'prices.yaml')
  expect(claims).toHaveLength(files.length)
})

test('a planned and a measured run, with workers and kernels, and an example', () => {
  expect(installed('run', '--backend', 'model', '--requests', '20', '--arms', 'local-dram,warehouse')).toMatch(
    /report\.html/,
  )
  const example = 'node_modules/memwall/examples/own-experiment/experiment.yaml'
  expect(installed('run', example, '--requests', '20', '--arms', 'local-dram,warehouse')).toMatch(/report\.html/)
  const small = ['--requests', '4', '--draws', '1', '--seeds', '2', '--sweep', 'sessions-per-replica=2']
  expect(installed('run', ...small, '--sessions-per-replica', '2')).toMatch(/report\.html/)
})

test('the API, typed, and the schemas', () => {
  const program = `import { plan, MemwallError, type Report } from 'memwall'
import schema from 'memwall/schema/report.schema.json' with { type: 'json' }
const { report, problems } = await plan({ workload: 'chat', requests: 20, arms: 'local-dram,warehouse', seeds: 1 })
const whole: Report = report
const rate: number = whole.arms.warehouse!.hitRate
// @ts-expect-error: no such option
await plan({ workloads: 'chat' }).catch((error: unknown) => { if (!(error instanceof MemwallError)) throw error })
console.log(JSON.stringify([rate > 0, problems, schema.title]))
`
  writeFileSync(join(here, 'program.ts'), program)
  const options = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'], resolveJsonModule: true }
  const tsconfig = {
    compilerOptions: { ...options, typeRoots: [join(root, 'node_modules/@types')] },
    files: ['program.ts'],
  }
  writeFileSync(join(here, 'tsconfig.json'), JSON.stringify(tsconfig))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const compiled = spawnSync(process.execPath, [tsc, '-p', here], { cwd: here, encoding: 'utf8' })
  expect(compiled.stdout).toBe('')
  const { stdout, stderr } = spawnSync(process.execPath, ['program.js'], { cwd: here, encoding: 'utf8' })
  expect(stdout, stderr).toBe('[true,[],"memwall report"]\n')
})
