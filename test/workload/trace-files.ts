import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { MemwallError } from '../../src/errors.ts'

/** Small trace files that go with the test. */
export function traceFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'memwall-trace-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let files = 0
  return {
    file(content: string | Uint8Array): string {
      const path = join(folder, `trace-${++files}`)
      writeFileSync(path, content)
      return path
    },
    /** The message of a refusal without the folder, so that it can be compared. */
    async complaint(work: Promise<unknown>): Promise<string> {
      const error = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (!(error instanceof MemwallError)) throw new Error(`no MemwallError but ${String(error)}`)
      return error.message.replaceAll(`${folder}/`, '').replace(/trace-\d+/g, 'FILE')
    },
  }
}

export function jsonLines(...records: readonly object[]): string {
  return `${records.map((record) => JSON.stringify(record)).join('\n')}\n`
}
