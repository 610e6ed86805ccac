import { createInterface } from 'node:readline'
import { exitCodes } from '../errors.ts'
import { type FixedExperiment, openFixedExperiment } from './compare/fixed-experiment.ts'
import { type Answer, protocolVersion, type Question, questionSchema } from './compare/slice-protocol.ts'

/**
 * The side of a checkout in `memwall compare --base-dir`: answers questions on standard input, a line of JSON each, until the
 * asker is gone. Not for people.
 */
export async function slices(): Promise<never> {
  let experiment: FixedExperiment | undefined
  // Whoever asked is gone: nobody waits for what is under way.
  process.stdin.once('end', () => process.exit(exitCodes.done))
  // A slice holds the thread; what comes meanwhile is read after it, in order.
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    const answer = await answerTo(line).catch(refused)
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
  // Threads of the experiment would keep the process alive.
  process.exit(exitCodes.done)

  async function answerTo(line: string): Promise<Answer> {
    const question: Question = questionSchema.parse(JSON.parse(line))
    if (question.ask === 'open') {
      if (question.protocol !== protocolVersion) {
        return {
          answer: 'refused',
          message: `speaks version ${protocolVersion} of the protocol, not ${question.protocol}`,
        }
      }
      experiment = await openFixedExperiment(question)
      return experiment.opened
    }
    if (experiment === undefined) return { answer: 'refused', message: 'was asked for a slice before it was opened' }
    return { answer: 'slice', times: await experiment.run(question.slice) }
  }
}

function refused(error: unknown): Answer {
  return { answer: 'refused', message: error instanceof Error ? error.message : String(error) }
}
