import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { badInput, exitCodes } from '../errors.ts'
import { type Comparison, compareSides, fails } from '../history/compare/comparison.ts'
import { commitText } from '../history/record.ts'
import { type CompareReport, compareSchemaVersion } from '../report/compare/compare-report.ts'
import { renderCompareJson } from '../report/compare/json.ts'
import { renderCompareTerminal } from '../report/compare/terminal.ts'
import { writeCompare } from '../report/compare/write.ts'
import { rootUrl } from '../root.ts'
import { parseCount } from '../units.ts'
import { type CheckoutPlace, endCheckouts, refuseNoCheckout } from './compare/checkout.ts'
import { compareSuites, compareSuiteWithHistory, isSuiteFile } from './compare/compare-suites.ts'
import { roundMeter } from './compare/round-meter.ts'
import { baseInHistory, readSide, refuseOtherExperiment, type StoredSide, sameCommit } from './compare/stored-side.ts'
import { timeCheckouts } from './compare/time-checkouts.ts'
import { reportFileAt } from './export/report-file.ts'
import { commitHere } from './history/commit.ts'
import { openProgress } from './progress/progress.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { terminal } from './terminal.ts'

/** Options of `compare` as the command line gives them. */
export interface CompareOptions {
  readonly history?: string
  readonly acrossEnvironments?: boolean
  readonly baseDir?: string
  readonly headDir?: string
  readonly rounds?: string
  readonly seed?: string
  readonly out?: string
  readonly json?: boolean
}

/** 128 + the number of the signal, as shells have it. */
const endedBy = { SIGINT: 130, SIGTERM: 143 } as const
const mostRounds = 100
const defaultRounds = 5

/** Holds head against base, writes and prints the outcome. Returns the exit code: 1 on a regression. */
export async function compare(files: readonly string[], options: CompareOptions): Promise<number> {
  refuseMixed(files, options)
  if (options.out !== undefined) refuseUnwritable('--out', options.out)
  const report =
    options.baseDir === undefined ? compareStored(files, options) : await compareCheckouts(options.baseDir, options)
  const json = renderCompareJson(report)
  if (options.out !== undefined) {
    makeFolder(options.out)
    writeCompare(options.out, report)
  }
  const { width } = terminal()
  process.stdout.write(options.json === true ? json : `${renderCompareTerminal(report, width)}\n`)
  return report.verdict === 'regression' ? exitCodes.failed : exitCodes.done
}

function refuseMixed(files: readonly string[], { history, baseDir, ...options }: CompareOptions): void {
  if (baseDir !== undefined) {
    const stored = files[0] ?? (history === undefined ? undefined : '--history')
    if (stored !== undefined) throw badInput(stored, 'is not compared with --base-dir', 'Leave one of the two out.')
    return
  }
  for (const key of ['headDir', 'rounds', 'seed'] as const) {
    if (options[key] === undefined) continue
    throw badInput(
      `--${key === 'headDir' ? 'head-dir' : key}`,
      'goes with --base-dir',
      'Give --base-dir, or leave it out.',
    )
  }
  const wanted = history === undefined ? 2 : 1
  if (files.length === wanted) return
  throw badInput(
    'compare',
    `takes ${wanted === 2 ? 'a base and a head' : 'the head alone beside --history'}, not ${files.length} files`,
    'See "memwall compare --help".',
  )
}

function compareStored(
  files: readonly string[],
  { history, acrossEnvironments = false }: CompareOptions,
): CompareReport {
  const paths = files.map(reportFileAt)
  const headPath = paths.at(-1)!
  const isSuite = paths.some(isSuiteFile)
  if (isSuite) {
    const base = history ?? paths[0]!
    const compareWith = history === undefined ? compareSuites : compareSuiteWithHistory
    return reportOf({ base, head: headPath, ...compareWith(base, headPath, { acrossEnvironments }) })
  }
  const head = readSide(headPath)
  const base = history === undefined ? readSide(paths[0]!) : baseInHistory(history, head)
  refuseOtherExperiment(base, head)
  const comparison = compareSides(base, { records: sameCommit(head) }, { acrossEnvironments })
  return reportOf({
    base: sideText(base, comparison.base),
    head: sideText(head, comparison.head),
    comparisons: [comparison],
  })
}

function sideText({ path, isReport }: StoredSide, told: string): string {
  // A report does not know its commit.
  return `${path} (${isReport ? told.split(', ')[0]! : told})`
}

async function compareCheckouts(baseDir: string, options: CompareOptions): Promise<CompareReport> {
  const rounds = wholeNumber('--rounds', options.rounds ?? String(defaultRounds), 1, mostRounds)
  const seed = wholeNumber('--seed', options.seed ?? '1', 0, Number.MAX_SAFE_INTEGER)
  const base = { flag: '--base-dir', folder: baseDir }
  const head = { flag: '--head-dir', folder: options.headDir ?? '.' }
  for (const place of [base, head]) refuseNoCheckout(place)
  const costModel = costModelOf(head)
  const progress = openProgress()
  // Whatever ends this process ends the checkouts' too; they end by themselves where it cannot say so.
  const stop = (signal: keyof typeof endedBy): never => {
    progress.stop()
    endCheckouts()
    process.stderr.write('Interrupted; nothing was compared.\n')
    process.exit(endedBy[signal])
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  process.once('exit', endCheckouts)
  try {
    const timed = await timeCheckouts({
      base,
      head,
      costModel,
      rounds,
      seed,
      onProgress: roundMeter(progress, rounds),
    })
    const text = ({ folder }: CheckoutPlace): string => `${folder} (${commitText({ commit: commitHere(folder) })})`
    const { gate, plansDiffer, figures } = timed
    const { noiseRounds, figures: times } = gate
    const plan: Comparison = {
      experiment: 'plan of the fixed experiment',
      base: text(base),
      head: text(head),
      isGated: true,
      notes: [],
      figures,
    }
    return reportOf({
      base: text(base),
      head: text(head),
      comparisons: [plan],
      timing: { noiseRounds, rounds: gate.rounds, plansDiffer, figures: [...times] },
      verdict: gate.verdict,
    })
  } finally {
    progress.stop()
    endCheckouts()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    process.off('exit', endCheckouts)
  }
}

function reportOf(found: {
  readonly base: string
  readonly head: string
  readonly comparisons: readonly Comparison[]
  readonly notes?: readonly string[]
  readonly timing?: CompareReport['timing']
  readonly verdict?: CompareReport['verdict']
}): CompareReport {
  const isWorse = found.comparisons.some(({ figures }) => figures.some(fails))
  return {
    schemaVersion: compareSchemaVersion,
    createdAt: new Date().toISOString(),
    verdict: isWorse ? 'regression' : (found.verdict ?? 'fine'),
    base: found.base,
    head: found.head,
    comparisons: found.comparisons.map(({ notes, figures, ...rest }) => ({
      ...rest,
      notes: [...notes],
      figures: [...figures],
    })),
    notes: [...(found.notes ?? [])],
    timing: found.timing ?? null,
  }
}

/** The cost model that both checkouts plan with: the head's, or this package's own. */
function costModelOf({ folder }: CheckoutPlace): string {
  const places = [
    join(resolve(folder), 'suites/cost-model.json'),
    fileURLToPath(new URL('suites/cost-model.json', rootUrl)),
  ]
  const found = places.find((path) => existsSync(path))
  if (found !== undefined) return found
  throw badInput(
    '--head-dir',
    `"${folder}" has no suites/cost-model.json`,
    'Write one: memwall calibrate --out suites/cost-model.json.',
  )
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = parseCount(text, flag)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw badInput(flag, `is ${text}`, `Give a whole number from ${least} to ${most.toLocaleString('en-US')}.`)
}
