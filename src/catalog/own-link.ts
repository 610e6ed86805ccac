import { badInput } from '../errors.ts'
import { parseBytesPerMs, parseMs } from '../units.ts'
import type { CatalogLink } from './entries.ts'

/** Whether a link is written out rather than named. */
export function isOwnLink(spec: string): boolean {
  return spec.includes(',') || /^[\d.-]/.test(spec.trim())
}

/** "40GB/s,0.3ms" → a link of one's own: read rate a GPU and latency, writing at half, no limit of host or fabric. */
export function ownLink(spec: string, where: string): CatalogLink {
  const parts = spec.split(',').map((part) => part.trim())
  if (parts.length !== 2)
    throw badInput(
      where,
      `"${spec}" is no rate and latency`,
      'Write both, such as "40GB/s,0.3ms", or a name of "memwall list links".',
    )
  const readPerGpu = parseBytesPerMs(parts[0]!, where)
  if (readPerGpu === 0) throw badInput(where, `"${spec}" moves nothing`, 'Give a rate above 0.')
  return {
    name: spec.replaceAll(/\s/g, ''),
    readPerGpu,
    writePerGpu: readPerGpu / 2,
    latency: parseMs(parts[1]!, where),
    source: 'given on the command line; it is assumed to write at half the speed at which it reads',
  }
}
