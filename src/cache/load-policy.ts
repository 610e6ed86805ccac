import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { badInput } from '../errors.ts'
import { issueWords } from '../issue-words.ts'
import type { CachePolicy, PolicySpec } from './policy.ts'
import { policyNamed, withParameters } from './policy-name.ts'

const parameter = z.strictObject({
  default: z.number(),
  least: z.number().default(Number.NEGATIVE_INFINITY),
  most: z.number().default(Number.POSITIVE_INFINITY),
  summary: z.string().default(''),
})

/** What a file of one's own exports; what it leaves out is filled in. */
const ownPolicy = z.object({
  name: z.string().min(1),
  summary: z.string().default('a policy of your own'),
  source: z.string().default('a file of your own'),
  cost: z.string().default('not stated'),
  parameters: z.record(z.string(), parameter).default({}),
  knows: z.array(z.enum(['parent', 'position', 'session', 'time', 'cost', 'schedule', 'future'])).default([]),
  create: z.custom<PolicySpec['create']>((value) => typeof value === 'function', 'must be a function'),
})

/** Whether a text names a JavaScript file, with settings behind it or not, and no member of the registry. */
export function isPolicyFile(text: string): boolean {
  return /\.[cm]?js$/.test(text.split(':')[0]!)
}

/**
 * A policy by name, "arc" or "lru-k:k=3", or from a JavaScript file of one's own, "./mine.js:share=0.2", that exports one.
 * @param where flag or key, for errors
 * @throws MemwallError where there is none, or the file's export is no policy
 */
export async function loadPolicy(text: string, where: string, known: readonly PolicySpec[]): Promise<PolicySpec> {
  const [path = '', ...settings] = text.split(':')
  if (!isPolicyFile(text)) return policyNamed(text, where, known)
  const policy = withParameters(await fromFile(path, where), settings, where)
  return { ...policy, text: [resolve(path), ...settings].join(':') }
}

async function fromFile(path: string, where: string): Promise<PolicySpec> {
  if (!existsSync(path)) throw badInput(where, `"${path}" is no file`, 'Give the path of a JavaScript module.')
  let exported: Record<string, unknown>
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>
  } catch (error) {
    throw badInput(path, `cannot be loaded: ${(error as Error).message}`, 'Mend the module.')
  }
  // The same object may be the default export, too.
  const objects = Object.values(exported).filter((value) => typeof value === 'object' && value !== null)
  const candidates = [...new Set(objects)]
  const [candidate] = candidates
  if (candidates.length !== 1) {
    throw badInput(path, `exports ${candidates.length} objects`, 'Export one policy: { name, create }.')
  }
  const parsed = ownPolicy.safeParse(candidate)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw badInput(`${path} ${issue.path.map(String).join('.')}`, issueWords(issue, candidate), 'See docs/policies.md.')
  }
  const spec = parsed.data
  return { ...spec, create: (...given) => checked(spec.create(...given), path) }
}

const methods = ['onInsert', 'onHit', 'onRemove', 'victim'] as const

function checked(policy: CachePolicy, path: string): CachePolicy {
  const missing = methods.find((method) => typeof policy?.[method] !== 'function')
  if (missing === undefined) return policy
  throw badInput(path, `its create() gives no ${missing}()`, `It must give ${methods.join(', ')}.`)
}
