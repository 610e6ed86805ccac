import { badInput } from '../../errors.ts'
import type { RecordFormat, Row } from './record-format.ts'

const recordBytes = 24

/** libCacheSim's oracleGeneral: uint32 time, uint64 id, uint32 size, int64 next access, little-endian and packed. */
export const oracleRecords: RecordFormat = {
  name: 'oracle-general',
  // Texts have no zero byte; of a record the halves of time, size or next access have some.
  sniff: (head) => head.subarray(0, recordBytes).includes(0),

  async *rows(chunks) {
    let rest: Buffer = Buffer.alloc(0)
    let number = 0
    for await (const chunk of chunks) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const rows: Row[] = []
      let at = 0
      for (; at + recordBytes <= bytes.length; at += recordBytes) {
        rows.push({ number: ++number, bytes: bytes.subarray(at, at + recordBytes) })
      }
      rest = bytes.subarray(at)
      yield rows
    }
    if (rest.length > 0) yield [{ number: number + 1, bytes: rest }]
  },

  parser:
    (ids) =>
    ({ bytes }, where) => {
      if (bytes.length < recordBytes) throw badInput(where, `the record ends after ${bytes.length} of 24 bytes`, '')
      return {
        time: bytes.readUInt32LE(0),
        id: ids.ofHalves(bytes.readUInt32LE(8), bytes.readUInt32LE(4)),
        size: bytes.readUInt32LE(12),
        nextAccess: bytes.readInt32LE(20) * 4294967296 + bytes.readUInt32LE(16),
      }
    },
}
