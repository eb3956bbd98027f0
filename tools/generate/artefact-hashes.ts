// What stands in the repository for documents too long to review: the hash of each part, a line each. A review sees which
// parts changed, and branches that change different parts merge.
import { createHash } from 'node:crypto'

import type { GeneratedFile } from './sync-files.ts'

/** Longer objects are hashed member by member. */
const MAX_PART_CHARACTERS = 16_000

/** @returns JSON: by path and JSON Pointer (RFC 6901), sorted, the first half of SHA-256 of the part in hexadecimal */
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
      hashParts(`${pointer}/${escapeName(name)}`, member),
    )
  return [[pointer, createHash('sha256').update(text).digest('hex').slice(0, 32)]]
}

function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
