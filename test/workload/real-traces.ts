import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'
import { rootUrl } from '../../src/root.ts'

const folders = [process.env.MEMWALL_TRACES, fileURLToPath(new URL('../shared/traces', rootUrl))]

/** Path of a real trace; without it the test is skipped, and says why. */
export function realTrace(context: TestContext, name: string): string {
  const path = folders
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, name))
    .find((candidate) => existsSync(candidate))
  if (path === undefined) return context.skip(`${name} is neither in MEMWALL_TRACES nor in ../shared/traces`)
  return path
}
