import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { badInput, exitCodes } from '../../errors.ts'
import { renderSuiteJson } from '../../report/suite/json.ts'
import { failedExperiments, type SuiteOutcome, type SuiteReport, suiteReport } from '../../report/suite/suite.ts'
import { renderSuiteTerminal } from '../../report/suite/terminal.ts'
import { writeSuite } from '../../report/suite/write.ts'
import { writeReport } from '../../report/write.ts'
import { writeFiles } from '../../report/write-files.ts'
import { planCodeHash } from '../../root.ts'
import { commitHere } from '../history/commit.ts'
import { recordRun } from '../history/run-history.ts'
import { terminal } from '../terminal.ts'
import { type PreparedExperiment, prepareExperiment, runExperiment, type Workbench } from './experiment.ts'
import { locatedIn } from './experiment-file.ts'
import type { ExperimentOptions } from './options.ts'
import { makeFolder, reportFolder } from './out-folder.ts'
import { blobText, type SuiteBlob } from './shard/blob.ts'
import { blobName, partOf, type Shard } from './shard/shard.ts'
import { ofExperiment, type Suite, type SuiteExperiment } from './suite-file.ts'
import { atWorkbench, interruptedCode } from './workbench.ts'

export interface SuiteManner {
  readonly out: string
  readonly json: boolean
  readonly shard: Shard | undefined
  /** Folder to which a record of each run is appended. */
  readonly history: string | undefined
  /** Folder with a folder an experiment, for each chart as an SVG file. */
  readonly svg: string | undefined
}

interface PreparedMember {
  readonly name: string
  readonly prepared: PreparedExperiment
}

/**
 * Runs the experiments of a suite, or a shard's part of them, one after the other; each report is written as its experiment ends.
 * Returns the exit code. @param flags of the command line, which win over the file in every experiment
 */
export async function runSuite(suite: Suite, flags: ExperimentOptions, manner: SuiteManner): Promise<number> {
  const { shard, out, svg } = manner
  const members = await Promise.all(suite.experiments.map((experiment) => prepared(experiment, flags)))
  const part = shard === undefined ? members : partOf(members, shard)
  if (part.length === 0) {
    const most = `Give at most ${members.length} shards.`
    throw badInput('--shard', `leaves no experiment for shard ${shard!.index} of ${shard!.count}`, most)
  }
  const measures = part.some(({ prepared: { settings } }) => settings.backend.measures)
  return atWorkbench(measures, async (bench) => {
    const outcomes = await runMembers(part, bench, out, svg)
    bench.progress.stop()
    const names = Object.keys(outcomes)
    if (names.length < part.length || names.some((name) => outcomes[name]!.report.partial)) {
      process.stderr.write(`Interrupted; the reports of what was done are in ${out}, and there is no overview.\n`)
      return interruptedCode
    }
    if (shard === undefined) return finishSuite(suiteReport(suite.name, outcomes), manner)
    const blob: SuiteBlob = {
      schemaVersion: 1,
      kind: 'suite',
      shard: { ...shard },
      suite: suite.name,
      inputs: inputsOf(members),
      experiments: members.map(({ name }) => name),
      outcomes,
    }
    writeFiles(out, [[blobName(shard), blobText(blob)]])
    const what = `${names.join(', ')} in ${join(out, blobName(shard))}`
    process.stdout.write(
      `Shard ${shard.index} of ${shard.count}: ${what}. Join them with: memwall merge, and the folders or files of all shards\n`,
    )
    return exitCode(suiteReport(suite.name, outcomes))
  })
}

/** Writes the overview of a suite whose reports are written, and prints it. Returns the exit code. */
export function finishSuite(suite: SuiteReport, { out, json, history }: Omit<SuiteManner, 'shard' | 'svg'>): number {
  writeSuite(out, suite)
  if (history !== undefined) {
    const commit = commitHere()
    for (const [experiment, { report, problems }] of Object.entries(suite.experiments)) {
      recordRun({ folder: history, experiment }, report, problems, commit)
    }
  }
  process.stdout.write(
    json
      ? renderSuiteJson(suite)
      : `${renderSuiteTerminal(suite, { ...terminal(), reportPath: join(out, 'suite.html') })}\n`,
  )
  return exitCode(suite)
}

function exitCode(suite: SuiteReport): number {
  return failedExperiments(suite).length > 0 ? exitCodes.failed : exitCodes.done
}

/** Equal for the shards of one run. */
function inputsOf(members: readonly PreparedMember[]): string {
  const options = members.map(
    ({
      name,
      prepared: {
        options: { out: _, ...own },
      },
    }) => [name, own],
  )
  return createHash('sha256')
    .update(JSON.stringify([planCodeHash(), options]))
    .digest('hex')
    .slice(0, 16)
}

async function prepared({ name, file }: SuiteExperiment, flags: ExperimentOptions): Promise<PreparedMember> {
  try {
    return { name, prepared: await prepareExperiment({ ...file.options, ...flags }) }
  } catch (error) {
    throw ofExperiment(name, locatedIn(file, error, Object.keys(flags)))
  }
}

async function runMembers(
  members: readonly PreparedMember[],
  bench: Workbench,
  out: string,
  svg: string | undefined,
): Promise<Record<string, SuiteOutcome>> {
  const outcomes: Record<string, SuiteOutcome> = {}
  for (const [i, { name, prepared: one }] of members.entries()) {
    if (bench.signal.aborted) break
    const progress = {
      show: (step: string, share: number): void =>
        bench.progress.show(`${name}: ${step}`, (i + share) / members.length),
      say: (text: string): void => bench.progress.say?.(`${name}: ${text}`),
    }
    const { report, problems } = await runExperiment(one, { ...bench, progress }).catch((error: unknown) => {
      throw ofExperiment(name, error)
    })
    const folder = reportFolder(join(out, name), report.partial)
    makeFolder(folder)
    writeReport(folder, report, svg === undefined ? undefined : join(svg, name))
    for (const problem of problems) process.stderr.write(`${name}: ${problem}\n`)
    outcomes[name] = { report, problems: [...problems] }
  }
  return outcomes
}
