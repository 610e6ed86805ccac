// Brings a checkout up to date: locked dependencies, compiled TypeScript, compiled kernels. Idempotent, and 0.1 s when nothing is stale.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, 'dist/.stamp.json')

/** Exits with 1 and the tool's own messages when a step fails; a failed build is tried again next time. */
export function setup() {
  if (dependenciesAreStale())
    run('Installing the locked dependencies', ...npm('ci', '--include=dev', '--no-audit', '--no-fund'))
  const stamps = readJson(stampFile) ?? {}
  build(stamps, 'kernels', 'Compiling the kernels', ['backends/wasm'], ['dist/kernels'], ['backends/wasm/build.mjs'])
  build(
    stamps,
    'typescript',
    'Compiling TypeScript',
    ['src', 'workloads', 'backends', 'tsconfig.json', 'tsconfig.build.json'],
    ['dist/src', 'dist/workloads', 'dist/backends'],
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  )
}

function dependenciesAreStale() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {}
  const installed = readJson(join(root, 'node_modules/.package-lock.json'))?.packages
  if (!installed) return true
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const found = installed[path]
    if (!found) {
      if (entry.optional) continue
      return true
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) return true
    if (!existsSync(join(root, path, 'package.json'))) return true
  }
  return Object.keys(installed).some((path) => !(path in wanted))
}

function build(stamps, name, title, sources, outputs, command) {
  const hash = hashOf([...sources, 'package-lock.json'])
  if (stamps[name] === hash && outputs.every((folder) => existsSync(join(root, folder)))) return
  for (const folder of outputs) rmSync(join(root, folder), { recursive: true, force: true })
  run(title, process.execPath, ...command)
  stamps[name] = hash
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stampFile, JSON.stringify(stamps))
}

function run(title, command, ...args) {
  process.stderr.write(`${title} …\n`)
  // Standard output belongs to the command that runs after the set-up.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error) process.stderr.write(`${error.message}\n`)
  if (status !== 0) {
    process.stderr.write(`${title} failed. Mend what stands above and run it again.\n`)
    process.exit(1)
  }
}

function npm(...args) {
  const path = process.env.npm_execpath
  return path?.endsWith('npm-cli.js') ? [process.execPath, path, ...args] : ['npm', ...args]
}

function hashOf(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => filesUnder(path)).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  try {
    return readdirSync(full, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesUnder(`${path}/${entry.name}`) : [`${path}/${entry.name}`],
    )
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
