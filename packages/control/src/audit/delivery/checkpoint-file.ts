// Sealed heads in a file outside the database: appended as they are made, read when logs are verified.
import { createReadStream } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import type { CheckpointSeal, Sealed } from './checkpoint-seal.ts'

/** Of each chain, the newest of these count; older ones are within what they seal. */
const MAX_PER_CHAIN = 1000

export async function appendStatement(file: string, statement: string): Promise<void> {
  await appendFile(file, `${statement}\n`, { mode: 0o600 })
}

/** @returns what our statements in the file say, and how many lines are none of ours; nothing where there is no file */
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
    // A file that is not there yet says nothing; that it was taken away is told by the database's own checkpoints.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return { sealed: [...latest.values()].flat(), foreign }
}
