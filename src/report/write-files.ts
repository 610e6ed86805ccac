import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes texts by their file names. Each file appears whole or not at all, and an older one is replaced at once. */
export function writeFiles(directory: string, files: readonly (readonly [name: string, text: string])[]): void {
  mkdirSync(directory, { recursive: true })
  const staged = files.map(([name]) => join(directory, `.${name}.${process.pid}.tmp`))
  try {
    for (const [i, [, text]] of files.entries()) writeFileSync(staged[i]!, text)
    for (const [i, [name]] of files.entries()) renameSync(staged[i]!, join(directory, name))
  } finally {
    for (const path of staged) rmSync(path, { force: true })
  }
}
