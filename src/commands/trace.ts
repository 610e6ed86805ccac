import { badInput, exitCodes } from '../errors.ts'
import { describeTrace, type Quantiles, type TraceDescription } from '../lab/describe-trace.ts'
import { loadStream } from '../lab/load-stream.ts'
import { alignedLines, plain, wrap } from '../report/words/terminal-text.ts'
import { formatCount, formatFigures, formatMs, formatShare, parseCount } from '../units.ts'
import { openProgress } from './progress/progress.ts'
import { readProgress } from './progress/read-progress.ts'

export interface TraceCommandOptions {
  readonly sessions?: string
  readonly limit?: string
  readonly skipBadRows?: boolean
  readonly sharePrefix?: boolean
  readonly seed?: string
  readonly json?: boolean
}

const quantileNames = ['p10', 'p25', 'p50', 'p75', 'p90', 'p99'] as const

/** Prints what a trace is: how much, how often it comes back, and when. */
export async function traceCommand(path: string, options: TraceCommandOptions): Promise<number> {
  const { sessions, limit, skipBadRows, sharePrefix, seed, json } = options
  const progress = openProgress()
  const records = wholeCount(limit, '--limit', 1)
  const loaded = await loadStream(path, {
    sessions: wholeCount(sessions, '--sessions', 1),
    limit: records,
    seed: wholeCount(seed, '--seed', 0),
    skipBadRows,
    sharePrefix,
    onRead: readProgress(progress, records),
  }).finally(progress.stop)
  const description = describeTrace(loaded)
  process.stdout.write(
    json ? `${JSON.stringify(description, nullForAbsent, 2)}\n` : `${shown(path, description).map(plain).join('\n')}\n`,
  )
  return exitCodes.done
}

function nullForAbsent(_: string, value: unknown): unknown {
  return value === undefined ? null : value
}

function wholeCount(text: string | undefined, flag: string, least: number): number | undefined {
  if (text === undefined) return undefined
  const count = parseCount(text, flag)
  if (Number.isSafeInteger(count) && count >= least) return count
  throw badInput(flag, `"${text}" is no whole number of at least ${least}`, `Write ${flag} 16.`)
}

function shown(path: string, description: TraceDescription): string[] {
  return [
    `${path}: a trace in the format ${description.format}`,
    ...totals(description),
    '',
    'Ceiling, the hit rate if no block were ever lost',
    ...ceiling(description),
    '',
    ...quantileTable(description),
    '',
    'Working set: distinct blocks referenced in each tenth of the trace',
    ...workingSet(description),
    ...sessionLines(description),
    ...skippedLines(description),
    ...(description.notes.length === 0 ? [] : ['', ...description.notes.flatMap((note) => wrap(note))]),
  ]
}

function totals(description: TraceDescription): string[] {
  const { requests, promptTokens, outputTokens, promptPerOutputTokens, durationMs } = description
  const { blockReferences, distinctBlocks, blockTokens } = description
  return alignedLines([
    ['  requests', whole(requests)],
    ['  prompt tokens', whole(promptTokens)],
    ['  output tokens', whole(outputTokens)],
    ['  prompt ÷ output', promptPerOutputTokens === undefined ? '–' : formatFigures(promptPerOutputTokens)],
    ['  block references', whole(blockReferences)],
    ['  distinct blocks', whole(distinctBlocks)],
    ['  tokens of a block', whole(blockTokens)],
    ['  duration', durationMs === undefined ? '–' : formatMs(durationMs)],
  ])
}

function ceiling({ ceiling: { anyBlockHitRate, prefixHitRate, tokenHitRate } }: TraceDescription): string[] {
  return alignedLines([
    ['  any block', formatRate(anyBlockHitRate), ''],
    ['  contiguous prefix', formatRate(prefixHitRate), ''],
    ['  tokens, contiguous prefix', formatRate(tokenHitRate), ''],
  ])
}

function quantileTable(description: TraceDescription): string[] {
  const { promptTokensPerRequest, outputTokensPerRequest, reuseDistanceBlocks, reuseTimeMs, sessions } = description
  return alignedLines([
    ['', ...quantileNames.map((name) => name.toUpperCase())],
    row('prompt tokens of a request', promptTokensPerRequest, whole),
    row('output tokens of a request', outputTokensPerRequest, whole),
    row('reuse distance, other blocks between', reuseDistanceBlocks, whole),
    row('reuse time', reuseTimeMs, formatMs),
    row('turns of a session', sessions?.turns, whole),
    row('gap between arrivals in a session', sessions?.gapMs, formatMs),
    row('think time before a later turn', sessions?.thinkMs, formatMs),
  ])
}

function row(name: string, quantiles: Quantiles | undefined, format: (value: number) => string): string[] {
  return [name, ...quantileNames.map((quantile) => (quantiles === undefined ? '–' : format(quantiles[quantile])))]
}

function workingSet({ workingSet: windows, durationMs }: TraceDescription): string[] {
  return alignedLines([
    [durationMs === undefined ? '  tenth' : '  from', 'requests', 'block references', 'distinct blocks'],
    ...windows.map(({ fromMs, requests, blockReferences, distinctBlocks }, window) => [
      `  ${fromMs === undefined ? window + 1 : formatMs(fromMs)}`,
      whole(requests),
      whole(blockReferences),
      whole(distinctBlocks),
    ]),
  ])
}

function sessionLines({ sessions }: TraceDescription): string[] {
  if (sessions === undefined) return []
  const found = sessions.from === 'trace' ? '' : ', found from prefixes'
  return [
    '',
    `${formatCount(sessions.sessions, 'session')}${found}; how likely one comes back after its turn`,
    ...alignedLines([
      ['  turn', ...sessions.returnByTurn.map(({ turn }) => String(turn))],
      ['  sessions', ...sessions.returnByTurn.map((each) => whole(each.sessions))],
      ['  come back', ...sessions.returnByTurn.map(({ returnRatio }) => formatShare(returnRatio))],
    ]),
  ]
}

function skippedLines({ skippedRows, skippedReasons }: TraceDescription): string[] {
  if (skippedRows === 0) return []
  return [
    '',
    `${formatCount(skippedRows, 'row')} left out, the first:`,
    ...skippedReasons.map((reason) => `  ${reason}`),
  ]
}

function whole(value: number): string {
  return value.toLocaleString('en-US')
}

function formatRate(rate: number): string {
  return rate.toFixed(4)
}
