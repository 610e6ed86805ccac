import { MemwallError } from '../../errors.ts'
import type { Ask, Question } from '../ask.ts'
import type { Range } from '../result.ts'

/** An answer, or why there is none: at some values an experiment cannot be set up, or the figure does not exist. */
export type Attempt =
  | { readonly state: 'answered'; readonly range: Range }
  | { readonly state: 'impossible'; readonly why: string }

export async function attempt(ask: Ask, question: Question): Promise<Attempt> {
  try {
    const range = await ask(question)
    return Number.isFinite(range.value)
      ? { state: 'answered', range }
      : { state: 'impossible', why: 'the figure does not exist there' }
  } catch (error) {
    if (error instanceof MemwallError) return { state: 'impossible', why: error.message }
    throw error
  }
}
