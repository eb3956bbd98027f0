// What stands in the repository for documents too long to review: their hashes.
import { createHash } from 'node:crypto'

import type { GeneratedFile } from './sync-files.ts'

/** @returns JSON: by path, SHA-256 of the content in hexadecimal */
export function renderHashes(artefacts: readonly GeneratedFile[]): string {
  const hashes = artefacts.map(({ path, content }) => [
    path,
    createHash('sha256').update(content).digest('hex'),
  ])
  return `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`
}
