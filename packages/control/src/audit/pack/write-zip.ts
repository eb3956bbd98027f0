// Writes a ZIP file while its content is still being made. `fflate` writes the container; Node.js compresses, outside the event
// loop. No ZIP64: at most 4 GiB.
import { Readable, pipeline } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

import { Zip, type ZipInputFile } from 'fflate'

export interface ZipFile {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

const MAX_BYTES = 0xff_ff_ff_ff
const DEFLATE = 8
/** The first date that the format has; the manifest has the time */
const DATE = new Date(1980, 0, 1)

/**
 * Reads each file to its end before it asks for the next one.
 * @throws RangeError if the file would be larger than 4 GiB
 */
export async function* writeZip(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
  const written: Uint8Array[] = []
  let bytes = 0
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    bytes += chunk.length
    written.push(chunk)
  })
  for await (const { name: filename, content } of files) {
    const entry: ZipInputFile = { filename, compression: DEFLATE, mtime: DATE, crc: 0, size: 0 }
    zip.add(entry)
    const compressed = pipeline(Readable.from(countBytes(content, entry)), createDeflateRaw(), ignore)
    for await (const chunk of compressed) {
      entry.ondata?.(null, chunk as Buffer<ArrayBuffer>, false)
      yield* written.splice(0)
    }
    entry.ondata?.(null, new Uint8Array(), true)
    if (bytes > MAX_BYTES || entry.size > MAX_BYTES) throw new RangeError('a ZIP file has at most 4 GiB')
  }
  zip.end()
  yield* written
}

/** The reader of the last stream of a pipeline gets its errors. */
function ignore(): void {}

async function* countBytes(content: ZipFile['content'], entry: ZipInputFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of joinChunks(content)) {
    entry.crc = crc32(chunk, entry.crc)
    entry.size += chunk.length
    yield chunk
  }
}

const CHUNK_BYTES = 65_536

/** Compressing line by line takes several times as long. */
async function* joinChunks(content: ZipFile['content']): AsyncGenerator<Uint8Array> {
  let joined: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of content) {
    joined.push(chunk)
    bytes += chunk.length
    if (bytes < CHUNK_BYTES) continue
    yield Buffer.concat(joined)
    joined = []
    bytes = 0
  }
  yield Buffer.concat(joined)
}
