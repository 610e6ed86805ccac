import { badInput } from '../../errors.ts'
import { firstStandIn } from './big-ids.ts'
import type { JsonRecord } from './record-format.ts'

/*
 * Checked access to the fields of a trace record. By hand and not by zod: a trace has some ten million block ids, and
 * a schema costs more than parsing them.
 */

const describe = (value: unknown): string => {
  if (value === undefined) return 'missing'
  if (typeof value === 'number' && value >= firstStandIn) return 'a number too large'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

const misfit = (where: string, name: string, value: unknown, wanted: string): Error =>
  badInput(where, `"${name}" is ${describe(value)}`, `It must be ${wanted}.`)

/** A whole number of at least `least`. */
export function integerField(record: JsonRecord, name: string, least: number, where: string): number {
  const value = record[name]
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value < firstStandIn) return value
  throw misfit(where, name, value, `a whole number of at least ${least}`)
}

/** A finite number of at least 0. */
export function amountField(record: JsonRecord, name: string, where: string): number {
  const value = record[name]
  if (typeof value === 'number' && value >= 0 && value < firstStandIn) return value
  throw misfit(where, name, value, 'a finite number of at least 0')
}

export function textField(record: JsonRecord, name: string, where: string): string {
  const value = record[name]
  if (typeof value === 'string' && value !== '') return value
  throw misfit(where, name, value, 'a text that is not empty')
}

/** An id as a key: a whole number, or a text that is not empty. */
export function keyField(record: JsonRecord, name: string, where: string): string | number {
  const value = record[name]
  if ((Number.isSafeInteger(value) && (value as number) >= 0) || (typeof value === 'string' && value !== ''))
    return value as string | number
  throw misfit(where, name, value, 'a whole number of at least 0 or a text that is not empty')
}

/** A list of records that is not empty. */
export function recordsField(record: JsonRecord, name: string, where: string): readonly JsonRecord[] {
  const value = record[name]
  if (!Array.isArray(value) || value.length === 0) throw misfit(where, name, value, 'a list that is not empty')
  value.forEach((entry: unknown, index) => {
    if (!isRecord(entry)) throw misfit(where, `${name}[${index}]`, entry, 'an object')
  })
  return value
}

/** Block ids: whole numbers of at least 0, `least` to `most` of them. */
export function blockIdsField(
  record: JsonRecord,
  name: string,
  least: number,
  where: string,
  most = Number.POSITIVE_INFINITY,
): readonly number[] {
  const ids = record[name]
  if (!Array.isArray(ids)) throw misfit(where, name, ids, 'a list of block ids')
  if (ids.length < least) {
    throw badInput(where, `"${name}" has ${ids.length} block ids`, `A prompt of that length has at least ${least}.`)
  }
  if (ids.length > most) {
    throw badInput(where, `"${name}" has ${ids.length} block ids`, `A prompt of that length has at most ${most}.`)
  }
  for (let i = 0; i < ids.length; i++) {
    const id: unknown = ids[i]
    if (!Number.isSafeInteger(id) || (id as number) < 0)
      throw misfit(where, `${name}[${i}]`, id, 'a whole number of at least 0')
  }
  return ids
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
