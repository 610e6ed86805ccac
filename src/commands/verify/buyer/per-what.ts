import { badInput } from '../../../errors.ts'
import { parseBytes } from '../../../units.ts'

/** Whose a size or a speed is. */
export interface Owned {
  readonly perGpu: number
  /** As it was written. */
  readonly text: string
}

const bits: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** "2 TB a host", "256 GB a GPU" → bytes of a GPU. */
export function sizePerWhat(text: string, gpusPerHost: number, where: string): Owned {
  const { amount, share } = splitOwner(text, gpusPerHost, where)
  return { perGpu: parseBytes(amount, where) * share, text }
}

/** "200 Gb/s a host", "25 GB/s a GPU" → bytes a second of a GPU. Bits are b, bytes are B. */
export function speedPerWhat(text: string, gpusPerHost: number, where: string): Owned {
  const { amount, share } = splitOwner(text, gpusPerHost, where)
  return { perGpu: bytesPerSecond(amount, where) * share, text }
}

function splitOwner(
  text: string,
  gpusPerHost: number,
  where: string,
): { readonly amount: string; readonly share: number } {
  const match = /^(.+?)\s*(?:\ba\b|\bper\b|\beach\b)\s*(host|node|server|gpu)s?$/i.exec(text.trim())
  if (match !== null)
    return { amount: match[1]!.trim(), share: match[2]!.toLowerCase() === 'gpu' ? 1 : 1 / gpusPerHost }
  throw badInput(where, `"${text}" does not say of what`, `Write "${text} a host" or "${text} a GPU".`)
}

function bytesPerSecond(amount: string, where: string): number {
  const match = /^([\d.,_]+)\s*([kMGT])(bit|b|B)(?:\/s|ps)$/.exec(amount)
  const value = Number(match?.[1]?.replace(/[_,]/g, ''))
  if (match === null || !(value > 0)) {
    throw badInput(
      where,
      `"${amount}" is no speed`,
      'Write bits as "200 Gb/s", bytes as "25 GB/s", then "a host" or "a GPU".',
    )
  }
  return (value * bits[match[2]!]!) / (match[3] === 'B' ? 1 : 8)
}
