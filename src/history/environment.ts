import { createHash } from 'node:crypto'

/** Of an environment as a report has it, what moves timings: machine, system, Node and kernels. */
const moving: readonly (readonly [key: string, part: (text: string) => string])[] = [
  ['cpu', (text) => text],
  ['cores', (text) => text],
  // A security update of the kernel makes no new machine.
  ['system', (text) => /^\S+ \d+\.\d+/.exec(text)?.[0] ?? text],
  ['node', (text) => text.split('.')[0]!],
  ['kernels', (text) => text],
]

/** Names a machine: times of different fingerprints are not compared unless asked. */
export function environmentFingerprint(environment: Readonly<Record<string, string>>): string {
  const parts = moving.map(([key, part]) => part(environment[key] ?? ''))
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
}
