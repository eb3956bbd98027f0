// Sealed heads in a file outside the database: appended when they are signed, read when logs are verified.
import { createReadStream } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import type { CheckpointSeal, Sealed } from './checkpoint-seal.ts'

/** Only this many of the newest per chain count; the chain up to an older one is covered by a newer. */
const MAX_PER_CHAIN = 1000

export async function appendStatement(file: string, statement: string): Promise<void> {
  await appendFile(file, `${statement}\n`, { mode: 0o600 })
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
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return { sealed: [...latest.values()].flat(), foreign }
}
