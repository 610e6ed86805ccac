import { badInput, nearest } from '../../errors.ts'
import { optionName } from './option-names.ts'
import { experimentSchema } from './options.ts'

/** A parameter and the values that it takes in turn. */
export interface SweepAxis {
  /** As in files and on the command line: "sessions-per-replica". */
  readonly name: string
  readonly key: string
  readonly values: readonly string[]
}

/** The parameter whose sweep is the knee. */
export const loadParameter = 'sessions-per-replica'

/** Options that are no property of what is planned. */
const notSwept = new Set([
  'sweep',
  'out',
  'budget',
  'repeats',
  'seed',
  'seeds',
  'arms',
  'costModel',
  'poolLog',
  'backend',
  'params',
  'slo',
])
const mostPoints = 64

/** "sessions-per-replica=1,2,4" or "=1..32"; values that hold commas are set apart by semicolons: "link=40GB/s,1ms;weka-amg". */
export function sweepAxis(text: string): SweepAxis {
  const at = text.indexOf('=')
  const name = (at === -1 ? text : text.slice(0, at)).trim()
  const example = `Write --sweep ${loadParameter}=1,2,4,8,16,32 or =1..32.`
  const keys = Object.keys(experimentSchema.shape).filter((key) => !notSwept.has(key))
  const key = keys.find((candidate) => optionName(candidate) === name)
  if (key === undefined) {
    const names = keys.map(optionName)
    const guess = nearest(name, names)
    const fix = guess === undefined ? `What can be swept: ${names.join(', ')}.` : `Did you mean "${guess}"?`
    throw badInput('--sweep', `cannot sweep "${name}"`, fix)
  }
  const values = at === -1 ? [] : valuesOf(text.slice(at + 1))
  if (values.length === 0) {
    const fix = name === loadParameter ? example : `Write the values after "=", such as --sweep dram=64GB,256GB,1TB.`
    throw badInput('--sweep', `gives "${name}" no values`, fix)
  }
  if (values.length > mostPoints) throw tooMany(values.length)
  if (name !== loadParameter) return { name, key, values }
  if (values.some((value) => !/^[1-9]\d*$/.test(value))) {
    throw badInput('--sweep', `"${text.slice(at + 1)}" is no list of whole numbers from 1 on`, example)
  }
  return { name, key, values: [...values].sort((a, b) => Number(a) - Number(b)) }
}

function valuesOf(text: string): string[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text.trim())
  if (range !== null) return wholeNumbers(Number(range[1]), Number(range[2]))
  const values = text.split(text.includes(';') ? ';' : ',').map((value) => value.trim())
  return [...new Set(values.filter((value) => value !== ''))]
}

function wholeNumbers(from: number, to: number): string[] {
  if (to < from) throw badInput('--sweep', `the range ${from}..${to} is empty`, `Write ${to}..${from}.`)
  if (to - from >= mostPoints) throw tooMany(to - from + 1)
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
}

function tooMany(points: number): Error {
  return badInput('--sweep', `has ${points} points, more than ${mostPoints}`, 'Give fewer.')
}
