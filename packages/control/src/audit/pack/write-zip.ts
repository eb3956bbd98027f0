// Writes a ZIP file while its content is still being made (PKWARE APPNOTE sections 4.3 and 4.4). Node.js has the
// compression and the checksum; this is only the container around them. No ZIP64: at most 4 GiB.
import { Readable, pipeline } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

export interface ZipFile {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** What the directory at the end says about a file. */
interface Entry {
  readonly name: Buffer
  readonly offset: number
  readonly crc: number
  readonly packedBytes: number
  readonly bytes: number
}

const MAX_BYTES = 0xff_ff_ff_ff
/** Sizes follow the content, and names are UTF-8. */
const FLAGS = 0x08_08
const DEFLATE = 8
/** The version of the format that is needed to read it: 2.0 */
const VERSION = 20
/** 1980-01-01, the first date that the format has; the manifest has the time */
const DATE = 0x00_21

/**
 * Reads each file to its end before it asks for the next one.
 * @throws RangeError if the file would be larger than 4 GiB
 */
export async function* writeZip(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = []
  let offset = 0
  for await (const { name: text, content } of files) {
    const name = Buffer.from(text)
    const start = offset
    const [header, counts] = [renderHeader(name), { crc: 0, bytes: 0, packedBytes: 0 }]
    yield header
    for await (const chunk of pipeline(
      Readable.from(countBytes(content, counts)),
      createDeflateRaw(),
      ignore,
    )) {
      counts.packedBytes += (chunk as Buffer).length
      yield chunk as Buffer
    }
    const trailer = renderSizes(0x08_07_4b_50, counts)
    yield trailer
    offset += header.length + counts.packedBytes + trailer.length
    if (offset > MAX_BYTES || counts.bytes > MAX_BYTES) throw new RangeError('a ZIP file has at most 4 GiB')
    entries.push({ name, offset: start, ...counts })
  }
  const directory = Buffer.concat(entries.map(renderEntry))
  yield directory
  yield renderEnd(entries.length, directory.length, offset)
}

/** The reader of the last stream of a pipeline gets its errors. */
function ignore(): void {}

type Counts = { -readonly [Name in 'crc' | 'bytes' | 'packedBytes']: Entry[Name] }

async function* countBytes(content: ZipFile['content'], counts: Counts): AsyncGenerator<Uint8Array> {
  for await (const chunk of joinChunks(content)) {
    counts.crc = crc32(chunk, counts.crc)
    counts.bytes += chunk.length
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

/** Numbers of 2 bytes by `short`, of 4 by `long`; little-endian. */
function render(...parts: readonly (readonly ['short' | 'long', number] | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (Buffer.isBuffer(part)) return part
      const [size, number] = part
      const bytes = Buffer.alloc(size === 'short' ? 2 : 4)
      bytes.writeUIntLE(number, 0, bytes.length)
      return bytes
    }),
  )
}

const short = (number: number) => ['short', number] as const
const long = (number: number) => ['long', number] as const

/** What header and directory entry have in common, up to the checksum. */
const COMMON = [short(VERSION), short(FLAGS), short(DEFLATE), short(0), short(DATE)] as const

function renderHeader(name: Buffer): Buffer {
  const unknown = [long(0), long(0), long(0)]
  return render(long(0x04_03_4b_50), ...COMMON, ...unknown, short(name.length), short(0), name)
}

function renderSizes(signature: number, { crc, packedBytes, bytes }: Counts): Buffer {
  return render(long(signature), long(crc), long(packedBytes), long(bytes))
}

function renderEntry({ name, offset, crc, packedBytes, bytes }: Entry): Buffer {
  const sizes = [long(crc), long(packedBytes), long(bytes), short(name.length)]
  // No extra field, comment, disk number or attributes.
  const none = [short(0), short(0), short(0), short(0), long(0)]
  return render(long(0x02_01_4b_50), short(VERSION), ...COMMON, ...sizes, ...none, long(offset), name)
}

function renderEnd(count: number, bytes: number, offset: number): Buffer {
  const disks = [short(0), short(0)]
  return render(
    long(0x06_05_4b_50),
    ...disks,
    short(count),
    short(count),
    long(bytes),
    long(offset),
    short(0),
  )
}
