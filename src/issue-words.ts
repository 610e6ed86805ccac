import type { z } from 'zod'

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping of names to values',
  record: 'a mapping of names to values',
  string: 'a text',
}

/** What the validator found, in plain words, with the value it found it in. @param root what was validated */
export function issueWords(issue: z.core.$ZodIssue, root: unknown): string {
  // A schema that words its own message knows better.
  if (!/^(Invalid|Too small|Too big)/.test(issue.message)) return issue.message
  const wanted = wantedOf(issue)
  if (wanted === undefined) return issue.message
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], root)
  return value === undefined ? `is missing; it must be ${wanted}` : `is ${shown(value)}; it must be ${wanted}`
}

function wantedOf(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected]
    case 'invalid_value':
      return listed(issue.values.map(String))
    case 'invalid_union':
      return unionWanted(issue)
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return 'not empty'
      return `${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum.toLocaleString('en-US')}`
    case 'too_big':
      return `${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum.toLocaleString('en-US')}`
    default:
      return undefined
  }
}

function unionWanted(issue: z.core.$ZodIssueInvalidUnion): string | undefined {
  const members = issue.errors.flatMap(([first]) => (first === undefined ? [] : [wantedOf(first)]))
  const wanted = [...new Set(members.filter((words) => words !== undefined))]
  return wanted.length === 0 ? undefined : listed(wanted)
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}
