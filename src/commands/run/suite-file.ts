import { badInput, MemwallError, nearest } from '../../errors.ts'
import { type ExperimentFile, optionsAt } from './experiment-file.ts'
import { isMapping, type YamlFile } from './yaml-file.ts'

/** An experiment of a suite, under the suite's defaults. */
export interface SuiteExperiment {
  readonly name: string
  readonly file: ExperimentFile
}

/** Several experiments in one file, with defaults that they share. */
export interface Suite {
  readonly name: string
  readonly experiments: readonly SuiteExperiment[]
}

/** A file of the command `run` is a suite when it has experiments. */
export function isSuite({ raw }: YamlFile): boolean {
  return 'experiments' in raw || 'defaults' in raw
}

/** Reads a suite. @param filter names or patterns such as "chat,rag-*"; undefined: all */
export function suiteOf(file: YamlFile, filter: string | undefined): Suite {
  const { path, raw } = file
  const { defaults = {}, experiments, ...others } = raw
  const [other] = Object.keys(others)
  if (other !== undefined) {
    const guess = nearest(other, ['defaults', 'experiments'])
    const fix = guess === undefined ? 'Put it below "defaults".' : `Did you mean "${guess}"?`
    throw badInput(place(file, [other]), `"${other}" is neither "defaults" nor "experiments"`, fix)
  }
  if (!isMapping(defaults)) throw badInput(place(file, ['defaults']), 'is no mapping', 'Write options below it.')
  if (!isMapping(experiments) || Object.keys(experiments).length === 0) {
    throw badInput(place(file, ['experiments']), 'names no experiment', 'Write "name:" with its options below it.')
  }
  const names = chosen(Object.keys(experiments), filter)
  return {
    name: path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
    experiments: names.map((name) => ({ name, file: experimentIn(file, name, defaults, experiments[name] ?? {}) })),
  }
}

function experimentIn(file: YamlFile, name: string, defaults: Record<string, unknown>, own: unknown): ExperimentFile {
  const where = ['experiments', name]
  if (!/^[\w-][\w.-]*$/.test(name)) {
    throw badInput(place(file, where), 'is no name of a folder', 'Use letters, digits, ".", "-" and "_".')
  }
  if (!isMapping(own)) throw badInput(place(file, where), 'is no mapping', 'Write options below it.')
  const options = { ...withoutSource(defaults, own), ...own }
  const placeOf = (option: string): string | undefined => {
    const keys = option.split('.')
    const line = file.lineOf([...where, ...keys]) ?? file.lineOf(['defaults', ...keys])
    return line === undefined ? undefined : `${line} ${option}`
  }
  for (const option of ['out', 'pool-log']) {
    if (!(option in options)) continue
    throw badInput(placeOf(option)!, 'is the suite’s', `Leave it out, or give --${option} on the command line.`)
  }
  return { options: optionsAt(options, (option) => placeOf(option) ?? place(file, where)), placeOf }
}

/** An experiment that names where its requests come from takes nothing of that from the defaults. */
function withoutSource(defaults: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  if (!('workload' in own) && !('trace' in own)) return defaults
  const { workload, params, trace, limit, 'share-prefix': sharePrefix, ...rest } = defaults
  return rest
}

function chosen(names: readonly string[], filter: string | undefined): string[] {
  if (filter === undefined) return [...names]
  const patterns = filter.split(',').map((pattern) => pattern.trim())
  const wanted = new Set(
    patterns.flatMap((pattern) => {
      const matches = names.filter((name) => matcher(pattern).test(name))
      if (matches.length > 0) return matches
      throw badInput(
        '--filter',
        `no experiment is called "${pattern}"`,
        `Known: ${names.join(', ')}; "*" stands for any text.`,
      )
    }),
  )
  return names.filter((name) => wanted.has(name))
}

function matcher(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

function place({ path, lineOf }: YamlFile, keys: readonly string[]): string {
  return `${lineOf(keys) ?? path} ${keys.at(-1)}`
}

/** What is refused of an experiment says of which, where no line says it. */
export function ofExperiment(name: string, error: unknown): unknown {
  if (!(error instanceof MemwallError)) return error
  return new MemwallError(
    error.code,
    error.what,
    /:\d+ /.test(error.where) ? error.where : `${name}: ${error.where}`,
    error.fix,
  )
}
