import { badInput } from '../../errors.ts'
import type { ReferenceReader } from '../reader.ts'
import { amountField, integerField, keyField } from '../records/fields.ts'
import { oracleRecords } from '../records/oracle-records.ts'

const never = -1
/** The largest int64: another way to say "never". */
const atInfinity = 2 ** 63

/** libCacheSim's binary traces of single objects: time (s), id, size, and when the object comes again. Sizes are not used. */
export const oracleGeneral: ReferenceReader = {
  kind: 'references',
  name: 'oracle-general',
  summary: 'libCacheSim’s binary records of single objects, without prompts',
  source: 'https://github.com/1a1a11a/libCacheSim',
  records: oracleRecords,

  detects: ({ nextAccess }) => typeof nextAccess === 'number' && isNextAccess(nextAccess),

  reference(record, where) {
    const time = amountField(record, 'time', where)
    integerField(record, 'size', 0, where)
    const { nextAccess } = record
    if (typeof nextAccess !== 'number' || !isNextAccess(nextAccess)) {
      throw badInput(where, `"nextAccess" is ${nextAccess}`, 'It must be −1 or the number of a later record.')
    }
    // Block ids are safe integers, the stand-ins of long ones included.
    return { id: keyField(record, 'id', where) as number, arrivalMs: time * 1000 }
  },
}

function isNextAccess(value: number): boolean {
  return value === never || value === atInfinity || (value >= 0 && value < 2 ** 48)
}
