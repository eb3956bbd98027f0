// Hashes that are committed for documents that are too long to review: one line per part. A review shows which parts
// changed, and branches that change different parts merge.
import { createHash } from 'node:crypto'

import { renderPointer } from '@crosswalk/protocol'

import type { GeneratedFile } from './sync-files.ts'

/** Longer objects are hashed per member. */
const MAX_PART_CHARACTERS = 16_000

/**
 * @returns JSON: by path and JSON Pointer (RFC 6901), sorted, the first half of the SHA-256 of the part in
 * hexadecimal
 */
export function renderHashes(artefacts: readonly GeneratedFile[]): string {
  const hashes = artefacts.flatMap(({ path, content }) => hashParts(`${path}#`, JSON.parse(content)))
  hashes.sort(([one], [other]) => (one < other ? -1 : 1))
  return `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`
}

function hashParts(pointer: string, part: unknown): readonly (readonly [string, string])[] {
  const text = JSON.stringify(part)
  const isObject = typeof part === 'object' && part !== null && !Array.isArray(part)
  if (isObject && text.length > MAX_PART_CHARACTERS)
    return Object.entries(part).flatMap(([name, member]) =>
      hashParts(pointer + renderPointer([name]), member),
    )
  return [[pointer, createHash('sha256').update(text).digest('hex').slice(0, 32)]]
}
