import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { badInput, type MemwallError, nearest } from '../../errors.ts'
import { optionName } from './option-names.ts'
import { type ExperimentOptions, experimentSchema } from './options.ts'

/** Checks options from the command line. */
export function checkFlags(flags: Record<string, unknown>): ExperimentOptions {
  const parsed = experimentSchema.safeParse(flags)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw badInput(`--${optionName(String(issue.path[0] ?? ''))}`, issue.message, 'See "memwall run --help".')
}

/** Reads an experiment file: YAML with the names of the options, errors with line numbers. */
export function readExperiment(path: string): ExperimentOptions {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR'
    throw badInput(
      path,
      isFolder ? 'is a folder' : 'cannot be read',
      'Give an experiment file, such as examples/own-experiment/experiment.yaml.',
    )
  }
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
  const { names, options } = camelCased(raw as Record<string, unknown>)
  const parsed = experimentSchema.safeParse(options)
  if (parsed.success) return parsed.data
  throw located(path, lines, document, names, parsed.error.issues[0]!)
}

/** Options by the names that files have, from anywhere but the command line. @param where for messages */
export function optionsOf(raw: Record<string, unknown>, where: string): ExperimentOptions {
  const { names, options } = camelCased(raw)
  const parsed = experimentSchema.safeParse(options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const key = issue.code === 'unrecognized_keys' ? issue.keys[0]! : String(issue.path[0])
  const name = names.get(key) ?? key
  if (issue.code !== 'unrecognized_keys') {
    throw badInput(`${where} ${name}`, issue.message, 'See "memwall run --help" for what it takes.')
  }
  const known = Object.keys(experimentSchema.shape).map(optionName)
  const guess = nearest(name, known)
  throw badInput(
    `${where} ${name}`,
    'unknown option',
    guess ? `Did you mean "${guess}"?` : `Known: ${known.join(', ')}.`,
  )
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

function located(
  path: string,
  lines: LineCounter,
  document: ReturnType<typeof parseDocument>,
  names: Map<string, string>,
  issue: z.core.$ZodIssue,
): MemwallError {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const key = unknown ?? String(issue.path[0])
  const name = names.get(key) ?? key
  const at = document.contents !== null && 'items' in document.contents ? keyOffset(document.contents.items, name) : 0
  const where = `${path}:${lines.linePos(at).line} ${name}`
  if (unknown === undefined) return badInput(where, issue.message, 'See "memwall run --help" for what it takes.')
  const known = Object.keys(experimentSchema.shape).map(optionName)
  const guess = nearest(name, known)
  return badInput(where, 'unknown key', guess ? `Did you mean "${guess}"?` : `Known: ${known.join(', ')}.`)
}

function keyOffset(items: readonly unknown[], name: string): number {
  for (const item of items) {
    const key = (item as { key?: { value?: unknown; range?: [number, number, number] } }).key
    if (key?.value === name) return key.range?.[0] ?? 0
  }
  return 0
}
