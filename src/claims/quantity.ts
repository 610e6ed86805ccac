/** Units in which conditions reckon: none, ms, bytes. */
export type Unit = '' | 'ms' | 'B'

export interface Quantity {
  readonly value: number
  readonly unit: Unit
}

/** Units that may be written, in ms and bytes. */
export const units: Readonly<Record<string, Quantity>> = {
  ms: { value: 1, unit: 'ms' },
  s: { value: 1000, unit: 'ms' },
  B: { value: 1, unit: 'B' },
  kB: { value: 1e3, unit: 'B' },
  MB: { value: 1e6, unit: 'B' },
  GB: { value: 1e9, unit: 'B' },
  TB: { value: 1e12, unit: 'B' },
  KiB: { value: 2 ** 10, unit: 'B' },
  MiB: { value: 2 ** 20, unit: 'B' },
  GiB: { value: 2 ** 30, unit: 'B' },
  TiB: { value: 2 ** 40, unit: 'B' },
}

/** The unit that a figure’s name ends in. */
export function unitOf(name: string): Unit {
  if (name.endsWith('Bytes')) return 'B'
  return name.endsWith('Ms') || name.endsWith('Seconds') ? 'ms' : ''
}
