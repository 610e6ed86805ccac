import { createRequire } from 'node:module'

type MathJs = typeof import('mathjs')

let loaded: MathJs | undefined

/** mathjs with everything in it. Loaded on first use: it takes 0.2 s. */
export function loadMath(): MathJs {
  if (loaded === undefined) {
    const library = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as MathJs
    loaded = library.create(library.all!, {}) as unknown as MathJs
  }
  return loaded
}
