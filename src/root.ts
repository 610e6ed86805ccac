import { readFileSync } from 'node:fs'

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
