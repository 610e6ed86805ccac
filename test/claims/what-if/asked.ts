import type { Ask, Question } from '../../../src/claims/ask.ts'
import type { Range } from '../../../src/claims/result.ts'
import type { Parameter } from '../../../src/claims/what-if/parameter.ts'

/** An `Ask` that is a function of named numbers, counting how often it is asked. */
export function asked(own: Readonly<Record<string, number>>, value: (at: Record<string, number>) => number | Range) {
  const questions: Question[] = []
  const ask: Ask = async (question) => {
    questions.push(question)
    const given = Object.entries(question.options).map(([name, text]) => [name, Number(text)])
    const answer = value({ ...own, ...Object.fromEntries(given) })
    return typeof answer === 'number' ? { value: answer, low: answer, high: answer } : answer
  }
  return { ask, questions }
}

export function parameterOf(name: string, own: number, more: Partial<Parameter> = {}): Parameter {
  return {
    name,
    unit: '',
    scale: 'log',
    isWhole: false,
    own,
    question: (value) => ({ options: { [name]: String(value) }, adjustments: {} }),
    ...more,
  }
}
