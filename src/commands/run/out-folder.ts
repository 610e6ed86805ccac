import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
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
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
