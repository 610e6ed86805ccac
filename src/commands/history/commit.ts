import { spawnSync } from 'node:child_process'
import type { HistoryRecord } from '../../history/record.ts'

/** The commit that a run is of: HEAD of the folder it runs in, or what CI says; null where there is neither. */
export function commitHere(folder = '.'): HistoryRecord['commit'] {
  const head = git(folder, 'rev-parse', 'HEAD')
  if (head !== undefined && head !== '') {
    return { hash: head, dirty: (git(folder, 'status', '--porcelain', '--untracked-files=no') ?? '') !== '' }
  }
  const { GITHUB_SHA, CI_COMMIT_SHA } = process.env
  const said = GITHUB_SHA || CI_COMMIT_SHA
  return said ? { hash: said, dirty: false } : null
}

function git(folder: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 ? stdout.trim() : undefined
}
