import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { badInput } from '../../errors.ts'

/**
 * Refuses a folder that reports could not be written to, before any work. Nothing is left behind: a folder that is not
 * there yet is tried out in the nearest one that is.
 */
export function refuseUnwritable(flag: string, folder: string): void {
  let nearest = resolve(folder)
  while (!exists(nearest)) nearest = dirname(nearest)
  if (!statSync(nearest).isDirectory()) {
    throw badInput(flag, `"${nearest === resolve(folder) ? folder : nearest}" is a file`, 'Give a folder.')
  }
  try {
    rmdirSync(mkdtempSync(join(nearest, '.memwall-')))
  } catch {
    throw badInput(flag, `nothing can be written to "${nearest}"`, 'Give a folder that you may write to.')
  }
}

/** Makes a folder level by level: a recursive mkdir can hang where a parent refuses. */
export function makeFolder(folder: string): void {
  if (exists(folder)) return
  const parent = dirname(resolve(folder))
  if (!exists(parent)) makeFolder(parent)
  mkdirSync(folder)
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    // Below a file there is nothing.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false
    throw error
  }
}

/** The folder inside `--out` for what an interrupted run leaves. */
const partialFolder = 'partial'

/** Where a report goes: one that is partial does not take the place of a complete one. */
export function reportFolder(out: string, partial: boolean): string {
  return partial && hasCompleteReport(out) ? join(out, partialFolder) : out
}

/** A report that cannot be read may have been complete. */
function hasCompleteReport(folder: string): boolean {
  const path = join(folder, 'report.json')
  if (!exists(path)) return false
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { partial?: unknown } | null)?.partial !== true
  } catch {
    return true
  }
}
