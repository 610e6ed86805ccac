import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { badInput } from '../errors.ts'

const chunkBytes = 1 << 20
const longestLineBytes = 1 << 28
const newline = 10

export interface Line {
  /** Counts from 1, blank lines included. */
  readonly number: number
  readonly text: string
}

/**
 * The lines of a text file that are not blank, plain or gzipped (told by its first bytes), read as a stream.
 * `readline` is not used: it takes five times as long on lines of megabytes.
 */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  let pieces: Buffer[] = []
  let pieceBytes = 0
  let number = 0
  const line = (last: Buffer): Line => {
    const bytes = pieces.length === 0 ? last : Buffer.concat([...pieces, last])
    pieces = []
    pieceBytes = 0
    number++
    return { number, text: bytes.toString('utf8').trim() }
  }
  try {
    for await (const chunk of bytesOf(path, await isGzip(path)) as AsyncIterable<Buffer>) {
      let start = 0
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        const next = line(chunk.subarray(start, end))
        start = end + 1
        if (next.text !== '') yield next
      }
      pieces.push(chunk.subarray(start))
      pieceBytes += chunk.length - start
      if (pieceBytes > longestLineBytes) {
        throw badInput(
          `${path}:${number + 1}`,
          'the line is longer than 256 MiB',
          'A trace has one JSON object a line.',
        )
      }
    }
  } catch (error) {
    throw readable(error, path, number + 1)
  }
  const last = line(Buffer.alloc(0))
  if (last.text !== '') yield last
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

function bytesOf(path: string, gzipped: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: chunkBytes })
  if (!gzipped) return file
  // The consumer meets the errors of both streams on the last one; the callback only keeps them from being uncaught.
  return pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {})
}

/** What the file system and zlib complain about, in the reader's words; anything else is passed on. */
function readable(error: unknown, path: string, line: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return badInput(path, 'no such file', 'Give the path of a trace.')
  if (code === 'EISDIR') return badInput(path, 'is a folder', 'Give the path of a trace file inside it.')
  if (code === 'EACCES' || code === 'EPERM') return badInput(path, 'may not be read', 'Change its permissions.')
  if (code === 'Z_BUF_ERROR')
    return badInput(`${path}:${line}`, 'the gzip data ends too early', 'Download the file again.')
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return badInput(`${path}:${line}`, 'the gzip data is damaged', 'Download the file again.')
  }
  return error
}
