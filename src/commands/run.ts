import { join } from 'node:path'
import { badInput, exitCodes } from '../errors.ts'
import { writeFiles } from '../report/write-files.ts'
import { experimentName } from './history/run-history.ts'
import { type PreparedExperiment, prepareExperiment } from './run/experiment.ts'
import { checkFlags, type ExperimentFile, experimentOf, locatedIn } from './run/experiment-file.ts'
import { runOne } from './run/one-run.ts'
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
  /** All figures on the terminal. */
  readonly details?: boolean
  /** "2/5". */
  readonly shard?: string
  /** Names of experiments of a suite. */
  readonly filter?: string
  /** Folder to which a record of each run is appended. */
  readonly history?: string
  /** Folder for each chart as an SVG file. */
  readonly svg?: string
}

/** Runs an experiment or a suite of them, or a part of it. Returns the exit code. @param flags win over the file */
export async function run(
  path: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  { json = false, details = false, shard: shardText, filter, history, svg }: RunManner,
): Promise<number> {
  const shard = shardText === undefined ? undefined : shardOf(shardText)
  const file = path === undefined ? undefined : readYamlFile(path)
  const given = checkFlags(flags)
  const out = given.out ?? defaults.out
  if (history !== undefined) refuseHistory(history, shard)
  if (svg !== undefined) refuseSvg(svg, shard)
  if (file !== undefined && isSuite(file)) {
    const suite = suiteOf(file, filter)
    refuseUnwritable('--out', out)
    return runSuite(suite, given, { out, json, shard, history, svg })
  }
  if (filter !== undefined) throw badInput('--filter', 'chooses experiments of a suite', 'Give a suite file.')
  const experiment = file === undefined ? undefined : experimentOf(file)
  return located(experiment, Object.keys(flags), async () => {
    const prepared = await prepareExperiment({ ...experiment?.options, ...given })
    refuseUnwritable('--out', prepared.settings.out)
    const name = path === undefined ? undefined : experimentName(path)
    if (shard !== undefined) return runShard(prepared, name, shard)
    return runOne(prepared, {
      json,
      details,
      svg,
      history: history === undefined ? undefined : { folder: history, experiment: name },
    })
  })
}

/** A record of a part would not be one of the run. */
function refuseHistory(folder: string, shard: Shard | undefined): void {
  refuseUnwritable('--history', folder)
  if (shard === undefined) return
  throw badInput('--history', 'a shard is no whole run', 'Give it to memwall merge.')
}

/** A part has no page, so no charts. */
function refuseSvg(folder: string, shard: Shard | undefined): void {
  refuseUnwritable('--svg', folder)
  if (shard !== undefined) throw badInput('--svg', 'a shard draws no charts', 'Leave it out.')
}

async function runShard(prepared: PreparedExperiment, name: string | undefined, shard: Shard): Promise<number> {
  const { settings } = prepared
  refuseMeasuredShard(settings)
  return atWorkbench(false, async (bench) => {
    const blob = await planShard(prepared, name ?? null, shard, bench)
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
  process.stdout.write(
    `Shard ${index} of ${count}: ${what} in ${path}. Join them with: memwall merge, and the folders or files of all shards\n`,
  )
}
