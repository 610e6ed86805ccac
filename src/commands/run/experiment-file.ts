import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { badInput, MemwallError, nearest } from '../../errors.ts'
import { issueWords } from '../../issue-words.ts'
import { rootUrl } from '../../root.ts'
import { optionName } from './option-names.ts'
import { type ExperimentOptions, experimentSchema } from './options.ts'

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
  return checked(options as Record<string, unknown>, (name) => name)
}

/** Options from a file, and where in it they stand. */
export interface ExperimentFile {
  readonly options: ExperimentOptions
  /** "file.yaml:3 gpu" of the option "gpu", "file.yaml:5 params.turns" of a parameter; undefined where it is not in the file. */
  placeOf(name: string): string | undefined
}

/** Reads an experiment file: YAML with the names of the options, errors with line numbers. */
export function readExperiment(path: string): ExperimentFile {
  const text = textOf(path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0])
    throw badInput(`${path}:${line}`, problem.message.split('\n')[0]!.replace(/ at line.*$/, ''), 'Mend the YAML.')
  }
  const raw: unknown = document.toJS({ maxAliasCount: 0 })
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    throw badInput(path, 'is no list of options', 'Write one "name: value" a line.')
  }
  const places = placesIn(document, (offset) => `${path}:${lines.linePos(offset).line}`)
  const placeOf = (name: string): string | undefined => places.get(name)
  return { options: checked(raw as Record<string, unknown>, (name) => placeOf(name) ?? `${path} ${name}`), placeOf }
}

/** Options by the names that files have, from anywhere but the command line. @param where for messages */
export function optionsOf(raw: Record<string, unknown>, where: string): ExperimentOptions {
  return checked(raw, (name) => `${where} ${name}`)
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

/** The examples come with the package, wherever that is installed. */
function examplePath(path: string): string {
  const own = /(?:^|\/)(examples\/[\w./-]+)$/.exec(path)?.[1]
  for (const name of [own, 'examples/own-experiment/experiment.yaml']) {
    if (name === undefined || name.includes('..')) continue
    const found = fileURLToPath(new URL(name, rootUrl))
    if (isReadable(found)) return found
  }
  return 'one with a "name: value" a line'
}

function isReadable(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR'
    const what = isFolder ? 'is a folder' : 'cannot be read'
    throw badInput(path, what, `Give an experiment file, such as ${examplePath(path)}.`)
  }
}

/** @param placeOf where an option stands, for messages */
function checked(raw: Record<string, unknown>, placeOf: (name: string) => string): ExperimentOptions {
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
function camelCased(raw: Record<string, unknown>): { names: Map<string, string>; options: Record<string, unknown> } {
  const names = new Map<string, string>()
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(raw)) {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    names.set(key, name)
    options[key] = value
  }
  return { names, options }
}

/** The line of each option, and of each parameter of the workload as "params.NAME". */
function placesIn(document: Document, lineAt: (offset: number) => string): Map<string, string> {
  const places = new Map<string, string>()
  const note = (node: unknown, prefix: string): void => {
    if (!isMap(node)) return
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const name = `${prefix}${String(key.value)}`
      places.set(name, `${lineAt(key.range?.[0] ?? 0)} ${name}`)
      if (name === 'params') note(value, 'params.')
    }
  }
  note(document.contents, '')
  return places
}
