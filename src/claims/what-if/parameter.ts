import { assert } from '../../errors.ts'
import type { Question } from '../ask.ts'

/** Something about a claim's experiment that can be put at another value, all else as the claim has it. */
export interface Parameter {
  readonly name: string
  readonly unit: string
  /** Whether its values are spaced, and read between, by factors or by differences. */
  readonly scale: 'log' | 'linear'
  readonly isWhole: boolean
  /** The claim's own value. */
  readonly own: number
  readonly question: (value: number) => Question
}

/** The claim as it stands. */
export const ownQuestion: Question = { options: {}, adjustments: {} }

/** The condition that the parameter has this value; its own value is the claim as it stands, asked once for all. */
export function questionAt(parameter: Parameter, value: number): Question {
  return value === parameter.own ? ownQuestion : parameter.question(value)
}

/** The value that lies so far from one value to another, 0 to 1, on the parameter's scale. Not rounded. */
export function valueBetween({ scale }: Pick<Parameter, 'scale'>, from: number, to: number, share: number): number {
  if (share === 0 || from === to) return from
  if (share === 1) return to
  return scale === 'log' ? from * (to / from) ** share : from + (to - from) * share
}

/** How far two values lie apart on the parameter's scale. */
export function distance({ scale }: Pick<Parameter, 'scale'>, a: number, b: number): number {
  return Math.abs(scale === 'log' ? Math.log(a / b) : a - b)
}

/** Evenly spaced values on the parameter's scale, ends included, to three figures; fewer where rounding makes some equal. */
export function spaced(
  { scale, isWhole }: Pick<Parameter, 'scale' | 'isWhole'>,
  from: number,
  to: number,
  count: number,
): number[] {
  assert(count >= 2 && from <= to && (scale === 'linear' || from > 0), 'values need a range', {
    scale,
    from,
    to,
    count,
  })
  const values = Array.from({ length: count }, (_, i) => valueBetween({ scale }, from, to, i / (count - 1)))
  return [...new Set(values.map((value) => (isWhole ? Math.round(value) : Number(value.toPrecision(3)))))]
}

/** Several conditions at once. No two may speak of the same thing. */
export function together(...questions: readonly Question[]): Question {
  const options = questions.flatMap((question) => Object.entries(question.options))
  const adjustments = questions.flatMap((question) => Object.entries(question.adjustments))
  const names = [...options, ...adjustments].map(([name]) => name)
  assert(new Set(names).size === names.length, 'conditions that are asked together differ in what they set', { names })
  return { options: Object.fromEntries(options), adjustments: Object.fromEntries(adjustments) }
}
