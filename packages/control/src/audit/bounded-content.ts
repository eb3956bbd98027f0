// Reads the files that an auditor verifies within limits: one line of a stranger's file can be larger than the auditor's memory,
// and so can what a small ZIP file unpacks to.
import { CopyError } from './copy-error.ts'

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

const KIB = 1024
export const MIB = 1024 * KIB
/** An event has at most 1 MiB, and its line has it twice, with escapes */
const MAX_LINE_LENGTH = 8 * MIB

/** @throws CopyError after `maxBytes`; @param maxBytes - a multiple of 1 KiB */
export async function* limitBytes(
  chunks: AsyncIterable<Uint8Array>,
  { name, maxBytes }: { readonly name: string; readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new CopyError(`${name} is larger than ${renderSize(maxBytes)}`)
    yield chunk
  }
}

/**
 * Unlike `node:readline`, this fails if the chunks do.
 * @throws CopyError for a line of more than `maxLength` UTF-16 code units, by default far more than an event has
 */
export async function* splitLines(
  chunks: Chunks,
  { name, maxLength = MAX_LINE_LENGTH }: { readonly name: string; readonly maxLength?: number },
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let number = 0
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield checkLine(line)
    checkLine(rest, number + 1)
  }
  yield rest

  function checkLine(line: string, at = (number += 1)): string {
    if (line.length <= maxLength) return line
    throw new CopyError(`${name}: line ${at} is longer than ${renderSize(maxLength)}`)
  }
}

function renderSize(bytes: number): string {
  return bytes < MIB ? `${bytes / KIB} KiB` : `${bytes / MIB} MiB`
}
