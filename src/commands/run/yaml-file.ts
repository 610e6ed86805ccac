import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { badInput } from '../../errors.ts'
import { rootUrl } from '../../root.ts'

/** A mapping from a YAML file, and where its keys stand. */
export interface YamlFile {
  readonly path: string
  readonly raw: Readonly<Record<string, unknown>>
  /** "file.yaml:3" of the key that `keys` lead to; undefined where there is none. */
  lineOf(keys: readonly string[]): string | undefined
}

/** Reads a mapping; what is wrong with the file is told with its line. */
export function readYamlFile(path: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(textOf(path), { lineCounter: lines })
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0])
    throw badInput(`${path}:${line}`, problem.message.split('\n')[0]!.replace(/ at line.*$/, ''), 'Mend the YAML.')
  }
  const raw: unknown = document.toJS({ maxAliasCount: 0 })
  if (!isMapping(raw)) throw badInput(path, 'is no list of options', 'Write one "name: value" a line.')
  const places = new Map<string, number>()
  const note = (node: unknown, above: readonly string[]): void => {
    if (!isMap(node)) return
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const keys = [...above, String(key.value)]
      places.set(placeKey(keys), lines.linePos(key.range?.[0] ?? 0).line)
      note(value, keys)
    }
  }
  note(document.contents, [])
  return {
    path,
    raw,
    lineOf(keys) {
      const line = places.get(placeKey(keys))
      return line === undefined ? undefined : `${path}:${line}`
    },
  }
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function placeKey(keys: readonly string[]): string {
  return keys.join('\n')
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
