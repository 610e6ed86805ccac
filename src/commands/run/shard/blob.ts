import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { badInput } from '../../../errors.ts'
import { issueWords } from '../../../issue-words.ts'
import { reportSchema } from '../../../report/report.ts'
import { experimentSchema } from '../options.ts'
import { planFigures } from '../plan-key.ts'

const common = {
  schemaVersion: z.literal(1),
  shard: z.strictObject({ index: z.int(), count: z.int() }),
}

/** Options as `run` has checked them; what they mean is checked again when the run is prepared. */
const options = z.partialRecord(z.enum(Object.keys(experimentSchema.shape)), z.unknown())

const sweepBlob = z.strictObject({
  ...common,
  kind: z.literal('sweep'),
  code: z.string().describe('hash of the code that planned'),
  experiment: z.string().nullable().describe('from the name of its file'),
  options,
  plans: z.record(z.string(), planFigures),
})

const suiteBlob = z.strictObject({
  ...common,
  kind: z.literal('suite'),
  suite: z.string(),
  inputs: z.string().describe('hash of the code and of the options of all experiments'),
  experiments: z.array(z.string()).describe('of all shards, in order'),
  outcomes: z.record(z.string(), z.strictObject({ report: reportSchema, problems: z.array(z.string()) })),
})

const blobSchema = z.discriminatedUnion('kind', [sweepBlob, suiteBlob])

export type SweepBlob = z.output<typeof sweepBlob>
export type SuiteBlob = z.output<typeof suiteBlob>
/** What a shard leaves for `memwall merge`: plans of a sweep, or reports of a suite. */
export type Blob = SweepBlob | SuiteBlob

/** The blobs of one run: files, or all that lie in folders. Every shard must be there once. */
export function readBlobs(paths: readonly string[]): readonly [Blob, ...Blob[]] {
  const files = paths.flatMap(blobFiles)
  const [first, ...others] = files.map((path) => ({ path, blob: readBlob(path) }))
  if (first === undefined) throw badInput(paths.join(', '), 'there is no blob file', 'Give those that --shard wrote.')
  for (const { path, blob } of others) {
    if (nameOfRun(blob) === nameOfRun(first.blob)) continue
    throw badInput(path, `is of another run than ${first.path}`, 'Give the blobs of one run, made by one version.')
  }
  refuseIncomplete([first, ...others])
  return [first.blob, ...others.map(({ blob }) => blob)]
}

function refuseIncomplete(blobs: readonly { readonly path: string; readonly blob: Blob }[]): void {
  const { count } = blobs[0]!.blob.shard
  const there = new Map<number, string>()
  for (const { path, blob } of blobs) {
    const before = there.get(blob.shard.index)
    if (before !== undefined) throw badInput(path, `is the same shard as ${before}`, 'Give each shard once.')
    there.set(blob.shard.index, path)
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !there.has(index))
  if (missing.length === 0) return
  const told = missing.map((index) => `${index}/${count}`).join(', ')
  throw badInput('merge', `shard ${told} is missing`, 'Give the blobs of all shards.')
}

/** What the blobs of one run have in common. */
function nameOfRun(blob: Blob): string {
  const { kind, shard } = blob
  const own =
    kind === 'sweep' ? [blob.code, blob.experiment, blob.options] : [blob.suite, blob.inputs, blob.experiments]
  return JSON.stringify([kind, shard.count, own])
}

function blobFiles(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
  } catch {
    throw badInput(path, 'cannot be read', 'Give blob files, or the folder that they lie in.')
  }
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^blob-\d+-of-\d+\.json$/.test(basename(name)))
    .sort()
    .map((name) => join(path, name))
}

function readBlob(path: string): Blob {
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw badInput(path, 'is no JSON', 'Give a blob file that --shard wrote.')
  }
  const parsed = blobSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw badInput(`${path} ${issue.path.join('.')}`.trim(), issueWords(issue, raw), 'Give a blob file of this version.')
}

export function blobText(blob: Blob): string {
  return `${JSON.stringify(blob)}\n`
}
