import { join } from 'node:path'
import { badInput } from '../errors.ts'
import { suiteReport } from '../report/suite/suite.ts'
import { writeReport } from '../report/write.ts'
import { planCodeHash } from '../root.ts'
import { prepareExperiment } from './run/experiment.ts'
import { runOne } from './run/one-run.ts'
import type { ExperimentOptions } from './run/options.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { defaults } from './run/settings.ts'
import { readBlobs, type SuiteBlob, type SweepBlob } from './run/shard/blob.ts'
import { withPlans } from './run/shard/plan-shard.ts'
import { finishSuite } from './run/suite-run.ts'

export interface MergeOptions {
  readonly out?: string
  readonly json?: boolean
  /** Folder to which a record of each run is appended. */
  readonly history?: string
}

/** Joins what shards left into the report that one run would have made. Returns the exit code. @param paths blob files, or folders of them */
export function merge(
  paths: readonly string[],
  { out = defaults.out, json = false, history }: MergeOptions,
): Promise<number> {
  refuseUnwritable('--out', out)
  if (history !== undefined) refuseUnwritable('--history', history)
  const [first, ...others] = readBlobs(paths)
  const blobs = [first, ...others]
  return first.kind === 'suite'
    ? mergeSuite(blobs as SuiteBlob[], { out, json, history })
    : mergeSweep(blobs as SweepBlob[], { out, json, history })
}

interface MergeEnd {
  readonly out: string
  readonly json: boolean
  readonly history: string | undefined
}

async function mergeSuite(blobs: readonly SuiteBlob[], end: MergeEnd): Promise<number> {
  const { suite, experiments } = blobs[0]!
  const { out } = end
  const outcomes = new Map(blobs.flatMap((blob) => Object.entries(blob.outcomes)))
  const missing = experiments.find((name) => !outcomes.has(name))
  if (missing !== undefined) throw badInput('merge', `no blob has "${missing}"`, 'Run its shard again.')
  for (const name of experiments) {
    makeFolder(join(out, name))
    writeReport(join(out, name), outcomes.get(name)!.report)
  }
  const ordered = Object.fromEntries(experiments.map((name) => [name, outcomes.get(name)!]))
  return finishSuite(suiteReport(suite, ordered), end)
}

/** The run once more, with the points of its knee and sweep from the blobs; what rests on all of them is planned here. */
async function mergeSweep(blobs: readonly SweepBlob[], { out, json, history: folder }: MergeEnd): Promise<number> {
  const { options, code } = blobs[0]!
  if (code !== planCodeHash()) {
    throw badInput('merge', 'the blobs were planned by another version', 'Merge with the version that made the shards.')
  }
  const prepared = await prepareExperiment({ ...options, out } as ExperimentOptions)
  const { experiment } = blobs[0]!
  const history = folder === undefined ? undefined : { folder, experiment: experiment ?? undefined }
  return runOne(prepared, { json, history }, (bench) => withPlans(bench, blobs))
}
