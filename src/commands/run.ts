import { join } from 'node:path'
import { badInput, exitCodes } from '../errors.ts'
import { writeFiles } from '../report/write-files.ts'
import { prepareExperiment } from './run/experiment.ts'
import { checkFlags, type ExperimentFile, experimentOf, locatedIn } from './run/experiment-file.ts'
import { runOne } from './run/one-run.ts'
import type { ExperimentOptions } from './run/options.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { defaults } from './run/settings.ts'
import { blobText } from './run/shard/blob.ts'
import { planShard, refuseMeasuredShard } from './run/shard/plan-shard.ts'
import { blobName, type Shard, shardOf } from './run/shard/shard.ts'
import { isSuite, suiteOf } from './run/suite-file.ts'
import { runSuite } from './run/suite-run.ts'
import { atWorkbench } from './run/workbench.ts'
import { readYamlFile } from './run/yaml-file.ts'

/** What the command line says of how to run, and not of what. */
export interface RunManner {
  readonly json?: boolean
  /** "2/5". */
  readonly shard?: string
  /** Names of experiments of a suite. */
  readonly filter?: string
}

/** Runs an experiment or a suite of them, or a part of it. Returns the exit code. @param flags win over the file */
export async function run(
  path: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  { json = false, shard: shardText, filter }: RunManner,
): Promise<number> {
  const shard = shardText === undefined ? undefined : shardOf(shardText)
  const file = path === undefined ? undefined : readYamlFile(path)
  const given = checkFlags(flags)
  const out = given.out ?? defaults.out
  if (file !== undefined && isSuite(file)) {
    const suite = suiteOf(file, filter)
    refuseUnwritable('--out', out)
    return runSuite(suite, given, { out, json, shard })
  }
  if (filter !== undefined) throw badInput('--filter', 'chooses experiments of a suite', 'Give a suite file.')
  const experiment = file === undefined ? undefined : experimentOf(file)
  return located(experiment, Object.keys(flags), () => runExperimentFile(experiment, given, json, shard))
}

async function runExperimentFile(
  file: ExperimentFile | undefined,
  given: ExperimentOptions,
  json: boolean,
  shard: Shard | undefined,
): Promise<number> {
  const prepared = await prepareExperiment({ ...file?.options, ...given })
  const { settings } = prepared
  refuseUnwritable('--out', settings.out)
  if (shard === undefined) return runOne(prepared, json)
  refuseMeasuredShard(settings)
  return atWorkbench(false, async (bench) => {
    const blob = await planShard(prepared, shard, bench)
    bench.progress.stop()
    makeFolder(settings.out)
    writeFiles(settings.out, [[blobName(shard), blobText(blob)]])
    tellBlob(join(settings.out, blobName(shard)), shard, `${Object.keys(blob.plans).length} plans`)
    return exitCodes.done
  })
}

/** Errors of options from a file say the line. */
async function located<T>(
  file: ExperimentFile | undefined,
  flagKeys: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw file === undefined ? error : locatedIn(file, error, flagKeys)
  }
}

function tellBlob(path: string, { index, count }: Shard, what: string): void {
  process.stdout.write(`Shard ${index} of ${count}: ${what} in ${path}. Join them with: memwall merge\n`)
}
