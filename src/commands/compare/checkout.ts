import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { badInput, type MemwallError } from '../../errors.ts'
import {
  type Answer,
  answerSchema,
  type OpenAnswer,
  protocolVersion,
  type Question,
  type SliceTimes,
} from './slice-protocol.ts'

/** A checkout that can be asked for slices: a process of its own, which works only while it is asked. */
export interface Checkout {
  readonly opened: OpenAnswer
  run(slice: number): Promise<SliceTimes>
  close(): void
}

export interface CheckoutPlace {
  readonly flag: string
  readonly folder: string
}

/** Processes that are running; each leads a group, so that what it started ends with it. */
const running = new Set<ChildProcess>()

/** Ends every checkout's process at once, whatever it does. */
export function endCheckouts(): void {
  for (const child of running) end(child)
}

/** Refuses what is no checkout, before any work. */
export function refuseNoCheckout({ flag, folder }: CheckoutPlace): void {
  if (existsSync(join(folder, 'bin/memwall.js'))) return
  const what = existsSync(folder) ? `"${folder}" has no bin/memwall.js` : `there is no folder "${folder}"`
  throw badInput(flag, what, 'Give a checkout of memwall, such as one that "git worktree add" made.')
}

/** Starts a checkout's own code, which builds itself where it is stale, and lets it set the fixed experiment up. */
export async function openCheckout(
  place: CheckoutPlace,
  opening: Omit<Extract<Question, { ask: 'open' }>, 'ask' | 'protocol'>,
): Promise<Checkout> {
  const child = spawn(process.execPath, [join(resolve(place.folder), 'bin/memwall.js'), 'slices'], {
    cwd: resolve(place.folder),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const said = lastLine(child)
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  // A process that is gone tells so by ending its output.
  child.stdin!.on('error', () => undefined)
  const ask = async (question: Question): Promise<Answer> => {
    child.stdin!.write(`${JSON.stringify(question)}\n`)
    const { value, done } = await lines.next()
    if (done === true) await exited(child)
    return done === true ? { answer: 'refused', message: said() || 'it ended without an answer' } : answerOf(value)
  }
  const opened = await ask({ ask: 'open', protocol: protocolVersion, ...opening })
  if (opened.answer !== 'open') {
    end(child)
    throw refusal(place, opened)
  }
  return {
    opened,
    run: async (slice) => {
      const answer = await ask({ ask: 'slice', slice })
      if (answer.answer !== 'slice') throw refusal(place, answer)
      return answer.times
    },
    close: () => end(child),
  }
}

function refusal({ flag, folder }: CheckoutPlace, answer: Answer): MemwallError {
  const why = answer.answer === 'refused' ? answer.message.replace(/[.!?]$/, '') : 'it answered another question'
  return badInput(
    flag,
    `"${folder}" cannot be timed (${why})`,
    'Where it is older than this command, compare stored reports instead: memwall compare base.json head.json.',
  )
}

function answerOf(line: string): Answer {
  try {
    return answerSchema.parse(JSON.parse(line))
  } catch {
    return { answer: 'refused', message: 'it does not know the protocol' }
  }
}

/** What a process said last on standard error. Its build may take a while: what it says of it is passed on. */
function lastLine(child: ChildProcess): () => string {
  let last = ''
  createInterface({ input: child.stderr! }).on('line', (line) => {
    if (line.trim() !== '') last = line.trim()
    if (/^(Installing|Compiling) .* …$/.test(line)) process.stderr.write(`${line}\n`)
  })
  return () => last
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

function end(child: ChildProcess): void {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
