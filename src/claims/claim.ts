import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { plainOf } from '../catalog/read-entries.ts'
import { badInput, nearest } from '../errors.ts'
import { adjustmentNames } from '../experiment/adjust.ts'
import { issueWords } from '../issue-words.ts'
import { type ClaimExpression, parseExpression } from './expression.ts'
import { units } from './quantity.ts'

const words = z.string().min(1)
const option = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
const options = z.record(z.string(), z.union([option, z.record(z.string(), z.unknown())]))

/** What else was left out, tried beside the claim's own experiment. */
const variant = z.strictObject({
  name: words,
  /** Options of the experiment at other values. */
  options: options.optional(),
  /** The arm that the multiplier is taken against; left out: the claim's own. */
  baseline: words.optional(),
  /** Factors on what no option names: src/experiment/adjust.ts. */
  adjustments: z
    .strictObject(Object.fromEntries(adjustmentNames.map((name) => [name, z.number().positive().optional()])))
    .optional(),
  /** A trace by its file name, looked for in MEMWALL_TRACES and beside the package; without it the variant is left out. */
  trace: words.optional(),
})

/** Times in ms and sizes in bytes, as conditions have them. */
function inBaseUnits<T extends { readonly value: number | null; readonly unit: string }>(claimed: T): T {
  const factor = Object.hasOwn(units, claimed.unit) ? units[claimed.unit] : undefined
  if (factor === undefined) return claimed
  return { ...claimed, value: claimed.value === null ? null : claimed.value * factor.value, unit: factor.unit }
}

const claimSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and hyphens'),
  who: words,
  where: words,
  when: z.union([words, z.int()]).transform(String),
  source: words,
  statement: words,
  claimed: z
    .strictObject({ text: words, value: z.number().nullable().default(null), unit: z.string().default('') })
    .transform(inBaseUnits),
  conditions: z.strictObject({ stated: z.array(words).default([]), 'left-out': z.array(words).default([]) }),
  /** The experiment that tests it: options of `memwall run`, planned at the target's own sizes. */
  experiment: options.default({}),
  baseline: words.default('hbm-only'),
  metric: words.optional(),
  tolerance: z.number().min(0).max(1).default(0.05),
  /** The axis over what was left out, as --sweep has it. */
  sweep: words.optional(),
  variants: z
    .array(variant)
    .default([])
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'has two variants of one name'),
  /** Whether the multiplier is read at best loads and at equal service too. */
  readings: z.boolean().default(false),
  /** Whether it gets the inverse problem, the map, tornado and screen. */
  analyses: z.boolean().default(false),
  /** Whether --measured tries it with real tensors too. */
  headline: z.boolean().default(false),
  require: z.boolean().default(false),
  /** Figures that are missing: the claim cannot be tested. */
  missing: z.array(words).default([]),
  notes: z.array(words).default([]),
})

export type ClaimVariant = z.output<typeof variant>

/** A vendor's sentence as a file. */
export type Claim = Omit<z.output<typeof claimSchema>, 'metric'> & {
  /** Undefined where the claim cannot be tested. */
  readonly metric: ClaimExpression | undefined
}

/** Reads a claim; what is wrong is told with file, line and key. @param shown how messages name the file */
export function readClaim(path: string, shown = basename(path)): Claim {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw badInput(shown, 'cannot be read', 'Give a claim file, or the id of a claim: see "memwall list claims".')
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem !== undefined) {
    const what = problem.message.split('\n')[0]!.replace(/ at line.*$/, '')
    throw badInput(`${shown}:${lines.linePos(problem.pos[0]).line}`, what, 'Mend the YAML.')
  }
  const lineOf = (path: readonly PropertyKey[]): string => {
    const node: unknown = document.getIn(path.slice(0, 1).map(String), true)
    const range = (node as { range?: readonly number[] } | undefined)?.range
    return range === undefined ? shown : `${shown}:${lines.linePos(range[0]!).line}`
  }
  const content = plainOf(document, shown)
  const parsed = claimSchema.safeParse(content)
  if (!parsed.success) throw wrong(parsed.error.issues[0]!, content, shown, lineOf)
  const { metric, ...claim } = parsed.data
  if (metric === undefined && claim.missing.length === 0) {
    throw badInput(`${shown} metric`, 'is not there', 'Write the condition, or what is "missing" to test it.')
  }
  return {
    ...claim,
    metric: metric === undefined ? undefined : parseExpression(metric, `${lineOf(['metric'])} metric`),
  }
}

function wrong(
  issue: z.core.$ZodIssue,
  root: unknown,
  shown: string,
  lineOf: (path: readonly PropertyKey[]) => string,
): Error {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  if (unknown === undefined) {
    const place = `${lineOf(issue.path)} ${issue.path.map(String).join('.')}`.trimEnd()
    return badInput(place, issueWords(issue, root), 'Mend this value.')
  }
  const known = issue.path.includes('adjustments')
    ? adjustmentNames
    : Object.keys((issue.path.length === 0 ? claimSchema : variant).shape)
  const guess = nearest(unknown, known)
  const fix = guess === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${guess}"?`
  return badInput(
    `${lineOf(issue.path.length === 0 ? [unknown] : issue.path)} ${unknown}`.replace(/^ /, `${shown} `),
    'unknown key',
    fix,
  )
}
