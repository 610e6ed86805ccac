import { createReadStream, type ReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import { badInput } from '../../errors.ts'

const chunkBytes = 1 << 20

/** A way in which a file may be compressed, told by its first bytes. */
interface Compression {
  readonly name: string
  readonly magic: readonly number[]
  chunks(file: ReadStream): AsyncIterable<Buffer>
}

const compressions: readonly Compression[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], chunks: gunzipped },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], chunks: unzstd },
]

/**
 * The content of a file in chunks, plain, gzipped or in zstd, read as a stream.
 * @param place how far the content has been read, for errors
 * @param onRead told the share of the file that has been read
 */
export async function* bytesOf(
  path: string,
  place: () => string,
  onRead: (share: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  let compression: Compression | undefined
  try {
    compression = await compressionOf(path)
    const { size } = await stat(path)
    const file = createReadStream(path, { highWaterMark: chunkBytes })
    for await (const chunk of compression?.chunks(file) ?? (file as AsyncIterable<Buffer>)) {
      onRead(size === 0 ? 1 : file.bytesRead / size)
      yield chunk
    }
  } catch (error) {
    throw readable(error, path, place, compression?.name)
  }
}

async function compressionOf(path: string): Promise<Compression | undefined> {
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return compressions.find(({ magic }) => magic.every((byte, index) => buffer[index] === byte))
  } finally {
    await file.close()
  }
}

function gunzipped(file: ReadStream): AsyncIterable<Buffer> {
  // The consumer meets the errors of both streams on the last one; the callback only keeps them from being uncaught.
  return pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {})
}

/** Node has zstd from version 22.15 only. */
async function* unzstd(file: ReadStream): AsyncGenerator<Buffer> {
  let ready: Uint8Array[] = []
  const stream = new Decompress((chunk) => ready.push(chunk))
  for await (const chunk of file) {
    stream.push(chunk)
    yield* ready.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    ready = []
  }
  stream.push(new Uint8Array(0), true)
  yield* ready.map((bytes) => Buffer.from(bytes))
}

/** What the file system and the decompressors complain about, in the reader's words; anything else is passed on. */
function readable(error: unknown, path: string, place: () => string, compression: string | undefined): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return badInput(path, 'no such file', 'Give the path of a trace.')
  if (code === 'EISDIR') return badInput(path, 'is a folder', 'Give the path of a trace file inside it.')
  if (code === 'EACCES' || code === 'EPERM') return badInput(path, 'may not be read', 'Change its permissions.')
  if (compression === undefined) return error
  const isCut = code === 'Z_BUF_ERROR' || (error instanceof Error && error.message === 'unexpected EOF')
  if (!isCut && !(typeof code === 'number' || (typeof code === 'string' && code.startsWith('Z_')))) return error
  return badInput(
    place(),
    `the ${compression} data ${isCut ? 'ends too early' : 'is damaged'}`,
    'Download the file again.',
  )
}
