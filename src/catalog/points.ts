import { readFileSync } from 'node:fs'
import { badInput, nearest } from '../errors.ts'

const kinds = ['prefill', 'decode', 'h2d', 'd2d'] as const
type PointKind = (typeof kinds)[number]

/** A measurement of the user's own GPU: a line of a points file. */
export interface MeasuredPoint {
  readonly kind: PointKind
  /** Prefill: tokens computed from nothing. Decode: tokens that each sequence attends to. Copies: 0 where not said. */
  readonly contextTokens: number
  /** Sequences of a decode step. */
  readonly batch: number
  readonly ms: number
  /** Of a copy. */
  readonly bytes: number | undefined
  /** Whether the time holds the all-reduces of a tensor-parallel group. */
  readonly hasAllReduce: boolean
}

const columns = ['kind', 'context_tokens', 'batch', 'seconds', 'bytes', 'all_reduce'] as const
type Column = (typeof columns)[number]
type Cells = Readonly<Partial<Record<Column, string>>>

/** Reads a CSV with a header: `context_tokens,seconds` of prefills, or with `kind`, `batch`, `bytes` and `all_reduce` too. */
export function readPoints(path: string): MeasuredPoint[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw badInput('--points', `cannot read ${path}`, 'Give a CSV, such as tools/measure_gpu.py writes.')
  }
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ cells: line.split(',').map((cell) => cell.trim()), where: `${path}:${i + 1}` }))
    .filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0]!.startsWith('#'))
  const [head, ...rows] = lines
  if (head === undefined) throw badInput(path, 'is empty', 'It begins with the names of its columns.')
  const names = columnsOf(head.cells, head.where)
  if (rows.length === 0) throw badInput(path, 'has no points', 'It needs a line for each.')
  return rows.map(({ cells, where }) => pointOf(cellsOf(names, cells, where), where))
}

function columnsOf(cells: readonly string[], where: string): Column[] {
  const names = cells.map((cell): Column => {
    const name = columns.find((column) => column === cell.toLowerCase())
    if (name !== undefined) return name
    const guess = nearest(cell, columns)
    throw badInput(
      where,
      `unknown column "${cell}"`,
      guess ? `Did you mean "${guess}"?` : `Known: ${columns.join(', ')}.`,
    )
  })
  for (const needed of ['seconds', ...(names.includes('kind') ? [] : ['context_tokens'])] as Column[]) {
    if (!names.includes(needed)) throw badInput(where, `no column "${needed}"`, `Known: ${columns.join(', ')}.`)
  }
  return names
}

function cellsOf(names: readonly Column[], cells: readonly string[], where: string): Cells {
  if (cells.length !== names.length)
    throw badInput(where, `has ${cells.length} cells, the header ${names.length}`, 'Fill or empty the line.')
  return Object.fromEntries(names.map((name, i) => [name, cells[i]!]).filter(([, cell]) => cell !== ''))
}

function pointOf(cells: Cells, where: string): MeasuredPoint {
  const kind = kinds.find((known) => known === (cells.kind ?? 'prefill').toLowerCase())
  if (kind === undefined) throw badInput(`${where} kind`, `unknown kind "${cells.kind}"`, `Known: ${kinds.join(', ')}.`)
  const isCopy = kind === 'h2d' || kind === 'd2d'
  const contextTokens = wholeNumber(cells, 'context_tokens', where, isCopy ? '0' : undefined, isCopy ? 0 : 1)
  const batch = wholeNumber(cells, 'batch', where, '1', 1)
  if (kind === 'prefill' && batch !== 1)
    throw badInput(`${where} batch`, `is ${batch}, but a prefill is of one sequence`, 'Leave it out.')
  const allReduce = (cells.all_reduce ?? 'yes').toLowerCase()
  if (allReduce !== 'yes' && allReduce !== 'no')
    throw badInput(`${where} all_reduce`, `is "${allReduce}"`, 'Write yes or no.')
  return {
    kind,
    contextTokens,
    batch,
    ms: secondsOf(cells, where) * 1000,
    bytes: isCopy ? positive(cells, 'bytes', where) : undefined,
    hasAllReduce: allReduce === 'yes',
  }
}

function numberOf(cells: Cells, column: Column, where: string, otherwise?: string): number {
  const text = cells[column] ?? otherwise
  if (text === undefined) throw badInput(`${where} ${column}`, 'is missing', 'This kind of point needs it.')
  const value = Number(text)
  if (!Number.isFinite(value))
    throw badInput(`${where} ${column}`, `"${text}" is no number`, 'Write it plainly, in digits.')
  return value
}

function positive(cells: Cells, column: Column, where: string): number {
  const value = numberOf(cells, column, where)
  if (value > 0) return value
  throw badInput(`${where} ${column}`, `is ${value}`, 'It must be above 0.')
}

/** Of one prefill, step or copy. */
const mostSeconds = 1e6

function secondsOf(cells: Cells, where: string): number {
  const seconds = positive(cells, 'seconds', where)
  if (seconds <= mostSeconds) return seconds
  throw badInput(`${where} seconds`, `is ${seconds}`, `It must be at most ${mostSeconds.toLocaleString('en-US')}.`)
}

function wholeNumber(
  cells: Cells,
  column: Column,
  where: string,
  otherwise: string | undefined,
  least: number,
): number {
  const value = numberOf(cells, column, where, otherwise)
  if (Number.isInteger(value) && value >= least) return value
  throw badInput(`${where} ${column}`, `is ${value}`, `It must be a whole number, at least ${least}.`)
}
