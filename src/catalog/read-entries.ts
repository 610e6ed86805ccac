import { readFileSync } from 'node:fs'
import { type Document, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { badInput, type MemwallError } from '../errors.ts'
import { issueWords } from '../issue-words.ts'

/** A file of the catalogue. @param shown how messages name it */
export interface CatalogFile {
  readonly path: string | URL
  readonly shown: string
}

/** Reads a list of named entries; what is wrong is told with file, entry and key. */
export function readEntries<T extends z.ZodType<{ readonly name: string }>>(
  file: CatalogFile,
  schema: T,
): z.output<T>[] {
  const raw = readYaml(file)
  if (!Array.isArray(raw)) throw badInput(file.shown, 'is no list of entries', 'Begin each with "- name: …".')
  const entries = raw.map((entry: unknown, i) => {
    const parsed = schema.safeParse(entry)
    if (parsed.success) return parsed.data
    throw entryError(`${file.shown} ${entryName(entry, i)}`, parsed.error.issues[0]!, entry)
  })
  const names = new Set<string>()
  for (const { name } of entries) {
    if (names.has(name)) throw badInput(`${file.shown} "${name}"`, 'is there twice', 'Leave one out.')
    names.add(name)
  }
  return entries
}

export function readYaml({ path, shown }: CatalogFile): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw badInput(shown, 'cannot be read', 'Give a file that can.')
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem === undefined) return plainOf(document, shown)
  const { line } = lines.linePos(problem.pos[0])
  throw badInput(`${shown}:${line}`, problem.message.split('\n')[0]!.replace(/ at line.*$/, ''), 'Mend the YAML.')
}

/** The content of a YAML file. Aliases would let a small file grow without end, and are refused. */
export function plainOf(document: Document, shown: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw badInput(shown, 'uses an alias (*)', 'Write the value out.')
  }
}

/** What the validator found in a file. @param root what was validated */
export function entryError(where: string, issue: z.core.$ZodIssue, root: unknown): MemwallError {
  if (issue.code === 'unrecognized_keys') {
    return badInput(`${where} ${issue.keys[0]}`, 'unknown key', 'See the entries of the package’s own catalog folder.')
  }
  const place = `${where} ${issue.path.map(String).join('.')}`.trimEnd()
  return badInput(place, issueWords(issue, root), 'Mend this value.')
}

function entryName(entry: unknown, index: number): string {
  const named = z.looseObject({ name: z.string() }).safeParse(entry)
  return named.success ? `"${named.data.name}"` : `entry ${index + 1}`
}
