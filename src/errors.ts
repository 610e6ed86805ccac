/** Exit codes of the command line. */
export const exitCodes = { done: 0, failed: 1, badInput: 2, internal: 3 } as const

/** Bad input or a failed run, told in one line: where it is, what is wrong, what to do about it. */
export class MemwallError extends Error {
  readonly code: 'badInput' | 'failed'
  readonly where: string
  readonly what: string
  readonly fix: string

  constructor(code: 'badInput' | 'failed', what: string, where: string, fix: string) {
    super(`${where ? `${where}: ` : ''}${what}${/[.?!]$/.test(what) ? '' : '.'}${fix ? ` ${fix}` : ''}`)
    this.name = 'MemwallError'
    this.code = code
    this.what = what
    this.where = where
    this.fix = fix
  }
}

/** A refusal as a thread hands it over: errors lose their class and their own fields on the way. */
export interface Refusal {
  readonly refused: Pick<MemwallError, 'code' | 'what' | 'where' | 'fix'>
}

/** What a task gave, or its refusal as data; other errors go on. */
export async function orRefusal<T>(task: Promise<T>): Promise<T | Refusal> {
  try {
    return await task
  } catch (error) {
    if (!(error instanceof MemwallError)) throw error
    const { code, what, where, fix } = error
    return { refused: { code, what, where, fix } }
  }
}

/** What a thread gave; a refusal is thrown again. */
export function notRefused<T extends object>(given: T | Refusal): T {
  if (!('refused' in given)) return given
  const { code, what, where, fix } = given.refused
  throw new MemwallError(code, what, where, fix)
}

/** Shorthand for the common case. `where` is a flag, a file with a line, or a key. */
export function badInput(where: string, what: string, fix: string): MemwallError {
  return new MemwallError('badInput', what, where, fix)
}

/** Guards an invariant of the engine; the values go into the message. */
export function assert(condition: boolean, message: string, values: Record<string, unknown> = {}): asserts condition {
  if (condition) return
  throw new Error(`invariant broken: ${message} ${JSON.stringify(values)}`)
}

/** The known name closest to what was typed, or undefined when none is near. One that was cut short is nearest. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const longer = known.find((candidate) => candidate.toLowerCase().startsWith(`${name.toLowerCase()}-`))
  if (longer !== undefined) return longer
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  // Of three letters one may be wrong: with two, everything is near.
  const most = name.length <= 3 ? 1 : Math.max(2, Math.floor(name.length / 3))
  return best && best.distance <= most ? best.candidate : undefined
}

/** An unknown name: lists the known ones and guesses which was meant. */
export function unknownName(where: string, kind: string, name: string, known: readonly string[]): MemwallError {
  const guess = nearest(name, known)
  return badInput(
    where,
    `unknown ${kind} "${name}"`,
    `${guess ? `Did you mean "${guess}"? ` : ''}Known: ${known.join(', ')}.`,
  )
}

/** Letters put in, left out, mistaken, or swapped with the next. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= a.length; i++) {
    const previous = rows[i - 1]!
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? rows[i - 2]![j - 2]! + 1 : substitute
      row.push(Math.min(substitute, swap, previous[j]! + 1, row[j - 1]! + 1))
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
