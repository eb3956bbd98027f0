// Reads files of a ZIP file, one at a time, without loading it. Also reads one that another program packed again.
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createInflateRaw } from 'node:zlib'

import { CopyError } from '../copy-error.ts'

export interface ZipReader {
  readonly names: readonly string[]
  /** Emits an error for damaged content. */
  read(name: string): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

interface Entry {
  readonly method: number
  readonly packedBytes: number
  readonly offset: number
}

const END = Buffer.from('PK\x05\x06')
const END_BYTES = 22
const ENTRY_BYTES = 46
const HEADER_BYTES = 30
/** A pack has six files. */
const MAX_DIRECTORY_BYTES = 65_536
const STORED = 0
const DEFLATED = 8

/**
 * @returns undefined if it is not a ZIP file, or one of a kind that `writeZip` does not write
 * @throws CopyError if it has too many files
 */
export async function openZip(path: string): Promise<ZipReader | undefined> {
  const file = await open(path)
  const entries = await readDirectory(file).catch(async (error: unknown) => {
    await file.close()
    throw error
  })
  if (entries === undefined) {
    await file.close()
    return undefined
  }
  return {
    names: [...entries.keys()],
    read: (name) => readEntry(file, entries.get(name)),
    close: () => file.close(),
  }
}

async function readDirectory(file: FileHandle): Promise<ReadonlyMap<string, Entry> | undefined> {
  const { size } = await file.stat()
  // A comment of up to 64 KiB may follow.
  const tail = await readBytes(file, Math.max(0, size - END_BYTES - 0xff_ff), size)
  const at = tail.lastIndexOf(END)
  if (at === -1 || at + END_BYTES > tail.length) return undefined
  const [count, bytes, start] = [
    tail.readUInt16LE(at + 10),
    tail.readUInt32LE(at + 12),
    tail.readUInt32LE(at + 16),
  ]
  if (start + bytes > size) return undefined
  if (bytes > MAX_DIRECTORY_BYTES)
    throw new CopyError('the list of files in the ZIP file is larger than 64 KiB')
  const directory = await readBytes(file, start, start + bytes)
  const entries = new Map<string, Entry>()
  let next = 0
  for (let index = 0; index < count; index += 1) {
    if (next + ENTRY_BYTES > directory.length) return undefined
    const nameBytes = directory.readUInt16LE(next + 28)
    const name = directory.toString('utf8', next + ENTRY_BYTES, next + ENTRY_BYTES + nameBytes)
    const method = directory.readUInt16LE(next + 10)
    // Of two files with one name, other programs may show the one that is not verified.
    if ((method !== STORED && method !== DEFLATED) || entries.has(name)) return undefined
    const [packedBytes, offset] = [directory.readUInt32LE(next + 20), directory.readUInt32LE(next + 42)]
    entries.set(name, { method, packedBytes, offset })
    next += ENTRY_BYTES + nameBytes + directory.readUInt16LE(next + 30) + directory.readUInt16LE(next + 32)
  }
  return entries
}

async function* readEntry(file: FileHandle, entry: Entry | undefined): AsyncGenerator<Uint8Array> {
  if (entry === undefined || entry.packedBytes === 0) return
  const header = await readBytes(file, entry.offset, entry.offset + HEADER_BYTES)
  const start = entry.offset + HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
  const end = start + entry.packedBytes - 1
  const packed = file.createReadStream({ start, end, autoClose: false })
  yield* entry.method === STORED ? packed : pipeline(packed, createInflateRaw(), () => undefined)
}

async function readBytes(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, end - start))
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
  return bytes.subarray(0, bytesRead)
}
