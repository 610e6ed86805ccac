import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the package lies. The same code runs from `src/root.ts` and from `dist/src/root.js`. */
export const rootUrl = new URL(import.meta.url.endsWith('.ts') ? '../' : '../../', import.meta.url)

/** The version of this package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL('package.json', rootUrl), 'utf8')) as { version: string }).version
}

/**
 * The compiled file that a worker thread runs: workers always run from `dist`, the main thread may run from source.
 * @param name path relative to `base` without an extension, e.g. `./worker`
 * @param base `import.meta.url` of the caller
 */
export function workerUrl(name: string, base: string): string {
  if (!base.endsWith('.ts')) return new URL(`${name}.js`, base).href
  const inSource = new URL(`${name}.js`, base).href.slice(rootUrl.href.length)
  return new URL(`dist/${inSource}`, rootUrl).href
}

/** A compiled kernel, e.g. `kernelUrl('model.simd.wasm')`. */
export function kernelUrl(name: string): URL {
  return new URL(`dist/kernels/${name}`, rootUrl)
}

let hashed: string | undefined

/** Compiled code that decides nothing about a plan. */
const besidePlans = /^(kernels|src\/(calibration|claims|commands|gpu|lab|report)|backends\/(reference|wasm))\//

/** Of the compiled code that makes plans: what was kept from other code does not hold. */
export function planCodeHash(): string {
  if (hashed !== undefined) return hashed
  const folder = fileURLToPath(new URL('dist/', rootUrl))
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.js') && !besidePlans.test(name),
  )
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(folder, name)))
  hashed = hash.digest('hex')
  return hashed
}
