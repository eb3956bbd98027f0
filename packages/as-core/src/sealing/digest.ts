// Digests without a key: names for tokens and single uses that reveal nothing of them.
import { hash } from 'node:crypto'

import type { ReplayKey } from '../ports.ts'

/** @returns SHA-256 of the text, base64url, 43 characters */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}

/** @returns the key of a single use: who made the token and its id, unambiguous however they are cut (SEC-20) */
export function replayKeyDigest(kind: ReplayKey['kind'], ...parts: readonly string[]): string {
  return digest(JSON.stringify([kind, ...parts]))
}
