import { existsSync, statSync } from 'node:fs'
import { workloads } from '../../../workloads/registry.ts'
import { badInput, nearest } from '../../errors.ts'
import type { WorkloadSource } from '../../experiment/workload-source.ts'
import { issueWords } from '../../issue-words.ts'
import type { ConversationWorkload } from '../../workload/workload.ts'
import { named } from './named.ts'
import { type ExperimentOptions, limits } from './options.ts'

/** Where the requests of a run come from, checked. @param ownWorkload what takes the place of one that is not named */
export function sourceOf(options: ExperimentOptions, measures: boolean, ownWorkload: string): WorkloadSource {
  if (options.trace !== undefined && options.workload !== undefined && options.workload !== 'trace') {
    throw badInput('--trace', 'a run has one workload', 'Leave out --workload or --trace.')
  }
  if (options.trace === undefined) {
    for (const key of ['limit', 'sharePrefix'] as const) {
      if (options[key] === undefined || options[key] === false) continue
      throw badInput(
        key === 'limit' ? '--limit' : '--share-prefix',
        'only a trace takes this',
        'Give --trace FILE too.',
      )
    }
    if (options.workload === 'trace') throw badInput('--workload', '"trace" needs a file', 'Give --trace FILE.')
    const workload = named('--workload', 'workload', options.workload ?? ownWorkload, workloads)
    refuseParams(workload, options.params ?? {})
    return { kind: 'workload', name: workload.name, params: options.params ?? {} }
  }
  if (options.params !== undefined) throw badInput('params', 'a trace takes no parameters', 'Leave them out.')
  refuseUnreadable(options.trace)
  return {
    kind: 'trace',
    path: options.trace,
    limit: options.limit,
    sharePrefix: options.sharePrefix ?? false,
    ownBlocks: !measures && options.blockTokens === undefined,
  }
}

function refuseParams(workload: ConversationWorkload, params: Record<string, unknown>): void {
  const known = Object.keys(workload.params.shape)
  const parsed = workload.params.safeParse(params)
  if (parsed.success) {
    const { conversations } = parsed.data as { readonly conversations?: number }
    if (conversations === undefined || conversations <= limits.conversations) return
    const most = limits.conversations.toLocaleString('en-US')
    throw badInput('params.conversations', `is ${conversations}; it must be at most ${most}`, '')
  }
  const issue = parsed.error.issues[0]!
  const takes = `"${workload.name}" takes ${known.join(', ')}.`
  if (issue.code !== 'unrecognized_keys') {
    throw badInput(`params.${issue.path.join('.')}`.replace(/\.$/, ''), issueWords(issue, params), takes)
  }
  const unknown = issue.keys[0]!
  const guess = nearest(unknown, known)
  throw badInput(`params.${unknown}`, 'unknown parameter', guess === undefined ? takes : `Did you mean "${guess}"?`)
}

function refuseUnreadable(path: string): void {
  if (!existsSync(path)) throw badInput('--trace', `no file "${path}"`, 'Check the path.')
  if (!statSync(path).isFile())
    throw badInput('--trace', `"${path}" is no file`, 'Give a trace file, plain or gzipped.')
}
