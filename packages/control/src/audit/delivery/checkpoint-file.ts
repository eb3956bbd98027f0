// Sealed heads in a file outside the database: appended when they are signed, read when logs are verified.
import { createReadStream } from 'node:fs'
import { appendFile, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import type { CheckpointSeal, Sealed } from './checkpoint-seal.ts'

/** Only this many of the newest per chain count; the chain up to an older one is covered by a newer. */
const MAX_PER_CHAIN = 1000

/** Far more than the newest statement of each chain. */
const END_BYTES = 262_144

export interface CheckpointFile {
  /**
   * Appends what the file lacks: also heads that another node sealed, those from before the file was configured, and those
   * that could not be written.
   *
   * @param newest - of each chain
   */
  append(newest: readonly string[]): Promise<void>
}

export function createCheckpointFile(file: string, seal: Pick<CheckpointSeal, 'read'>): CheckpointFile {
  let written: ReadonlySet<string> = new Set()
  return {
    async append(newest) {
      // Who can write to the database can put any text there.
      const unseen = newest.filter((it) => !written.has(it) && seal.read(it) !== undefined)
      if (unseen.length > 0) await appendMissing(file, unseen)
      written = new Set(newest)
    },
  }
}

/** Workers of one machine share a file, so another one may have written them. */
async function appendMissing(file: string, statements: readonly string[]): Promise<void> {
  const end = await readEnd(file)
  const missing = statements.filter((it) => !end.includes(it))
  if (missing.length === 0) return
  const isCut = end !== '' && !end.endsWith('\n')
  await appendFile(file, `${isCut ? '\n' : ''}${missing.join('\n')}\n`, { mode: 0o600 })
}

async function readEnd(file: string): Promise<string> {
  const handle = await open(file).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (handle === undefined) return ''
  try {
    const { size } = await handle.stat()
    const bytes = Math.min(size, END_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, size - bytes)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** @returns the content of our statements, and the number of foreign lines; empty if there is no file */
export async function readStatements(
  file: string,
  seal: CheckpointSeal,
): Promise<{ readonly sealed: readonly Sealed[]; readonly foreign: number }> {
  const latest = new Map<string, Sealed[]>()
  let foreign = 0
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  try {
    for await (const line of lines) {
      if (line.trim() === '') continue
      const sealed = seal.read(line.trim())
      if (sealed === undefined) foreign += 1
      else {
        const ofChain = latest.get(sealed.chain) ?? []
        ofChain.push(sealed)
        if (ofChain.length > MAX_PER_CHAIN) ofChain.shift()
        latest.set(sealed.chain, ofChain)
      }
    }
  } catch (error) {
    // A file that does not exist yet has no statements. If it was deleted, the checkpoints in the database still count.
    if (!isMissing(error)) throw error
  }
  return { sealed: [...latest.values()].flat(), foreign }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
