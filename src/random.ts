/** A seeded stream of random numbers. The same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Standard normal. */
  normal(): number
  /** exp(mu + sigma × normal): median exp(mu). */
  logNormal(mu: number, sigma: number): number
  /** A stream of its own for a named purpose; drawing from it does not move this one. */
  fork(...labels: readonly (string | number)[]): Random
}

/** sfc32 seeded through {@link hash53}. Source: C. Doty-Humphrey, PractRand; passes PractRand to 2 TiB. */
export function seededRandom(seed: number | string): Random {
  return streamOf(hash53(typeof seed === 'number' ? seed : hashText(seed), 0x5eed))
}

/** The items in a random order. Fisher–Yates. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items]
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

/**
 * Mixes two integers (each up to 53 bits) to one of 53 bits: the murmur3 finaliser over both halves of both.
 * Used for prefix-chained block hashes: `hash53(previousBlockHash, content)`.
 */
export function hash53(a: number, b: number): number {
  const aLow = a | 0
  const aHigh = (a / 4294967296) | 0
  const bLow = b | 0
  const bHigh = (b / 4294967296) | 0
  let h1 = mix32(aLow ^ Math.imul(bHigh, 0x85ebca6b) ^ 0x9e3779b9)
  let h2 = mix32(aHigh ^ Math.imul(bLow, 0xc2b2ae35) ^ 0x7f4a7c15)
  h1 = mix32((h1 + Math.imul(h2, 0x27d4eb2f) + bLow) | 0)
  h2 = mix32((h2 + Math.imul(h1, 0x165667b1) + aLow + bHigh) | 0)
  return (h1 & 0x1fffff) * 4294967296 + (h2 >>> 0)
}

/** FNV-1a over UTF-16 code units, spread to 53 bits. */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return hash53(h >>> 0, text.length)
}

function mix32(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function streamOf(seed: number): Random {
  let a = seed | 0
  let b = (seed / 4294967296) | 0
  let c = 0x9e3779b9 | 0
  let counter = 1
  const next32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    c |= 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next32()
  const next = (): number => (next32() * 2097152 + (next32() >>> 11)) / 9007199254740992
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    normal,
    logNormal: (mu, sigma) => Math.exp(mu + sigma * normal()),
    fork: (...labels) =>
      streamOf(
        labels.reduce<number>((h, label) => hash53(h, typeof label === 'number' ? label : hashText(label)), seed),
      ),
  }
}
