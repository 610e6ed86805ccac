import { badInput, MemwallError, nearest } from '../../errors.ts'
import { issueWords } from '../../issue-words.ts'
import { optionName } from './option-names.ts'
import { type ExperimentOptions, experimentSchema } from './options.ts'
import type { YamlFile } from './yaml-file.ts'

const runHelp = 'See "memwall run --help" for what it takes.'

/** Checks options from the command line. */
export function checkFlags(flags: Record<string, unknown>): ExperimentOptions {
  const parsed = experimentSchema.safeParse(flags)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw badInput(`--${optionName(String(issue.path[0] ?? ''))}`, issueWords(issue, flags), 'See "memwall run --help".')
}

/** Checks options from a program, which have the names of the schema. */
export function checkOptions(options: object): ExperimentOptions {
  return optionsAt(options as Record<string, unknown>, (name) => name)
}

/** Options from a file, and where in it they stand. */
export interface ExperimentFile {
  readonly options: ExperimentOptions
  /** "file.yaml:3 gpu" of the option "gpu", "file.yaml:5 params.turns" of a parameter; undefined where it is not in the file. */
  placeOf(name: string): string | undefined
}

/** The options of an experiment file: YAML with the names of the options, errors with line numbers. */
export function experimentOf({ path, raw, lineOf }: YamlFile): ExperimentFile {
  const placeOf = (name: string): string | undefined => {
    const line = lineOf(name.split('.'))
    return line === undefined ? undefined : `${line} ${name}`
  }
  return { options: optionsAt(raw, (name) => placeOf(name) ?? `${path} ${name}`), placeOf }
}

/** Options by the names that files have, from anywhere but the command line. @param where for messages */
export function optionsOf(raw: Record<string, unknown>, where: string): ExperimentOptions {
  return optionsAt(raw, (name) => `${where} ${name}`)
}

/**
 * What is said of "--gpu" or "params.turns", said of the line of the file that has it.
 * @param flagKeys options of the command line, which win over those of the file
 */
export function locatedIn(file: ExperimentFile, error: unknown, flagKeys: readonly string[]): unknown {
  if (!(error instanceof MemwallError)) return error
  const found = /^(?:--)?([a-z-]+(?:\.\w+)?)(.*)$/.exec(error.where)
  const name = found?.[1]
  if (name === undefined || flagKeys.map(optionName).includes(name)) return error
  const place = file.placeOf(name)
  return place === undefined ? error : new MemwallError(error.code, error.what, place + found![2], error.fix)
}

/** Options by the names that files have. @param placeOf where an option stands, for messages */
export function optionsAt(
  raw: Readonly<Record<string, unknown>>,
  placeOf: (name: string) => string,
): ExperimentOptions {
  const { names, options } = camelCased(raw)
  const parsed = experimentSchema.safeParse(options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const key = unknown ?? String(issue.path[0])
  const name = names.get(key) ?? key
  throw unknown === undefined ? badInput(placeOf(name), issueWords(issue, options), runHelp) : unknownKey(name, placeOf)
}

function unknownKey(name: string, placeOf: (name: string) => string): MemwallError {
  const known = Object.keys(experimentSchema.shape).map(optionName)
  const guess = nearest(name, known)
  return badInput(placeOf(name), 'unknown key', guess ? `Did you mean "${guess}"?` : `Known: ${known.join(', ')}.`)
}

/** Files write names as the command line does; the schema has them in camel case. */
function camelCased(raw: Readonly<Record<string, unknown>>): {
  names: Map<string, string>
  options: Record<string, unknown>
} {
  const names = new Map<string, string>()
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(raw)) {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    names.set(key, name)
    options[key] = value
  }
  return { names, options }
}
