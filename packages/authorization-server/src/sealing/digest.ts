// Digests without a key: names for tokens and single uses that reveal nothing of them.
import { hash } from 'node:crypto'

import type { EpochSeconds } from '@crosswalk/protocol'

import type { UsedMark } from '../ports.ts'

/** @returns SHA-256 of the text, base64url, 43 characters */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}

/** @returns the key of a single use: who made the token and its id, unambiguous however they are cut (SEC-20) */
export function markKey(kind: UsedMark['kind'], ...parts: readonly string[]): string {
  return digest(JSON.stringify([kind, ...parts]))
}

/**
 * The key of a single use that begins with a moment out of the token itself, so that marks made in one second lie
 * side by side and a database writes few pages for them.
 *
 * @param moment - a signed claim of the token: the same token must always give the same key
 */
export function timedMarkKey(
  moment: EpochSeconds,
  kind: UsedMark['kind'],
  ...parts: readonly string[]
): string {
  return `${Math.floor(moment).toString(36).padStart(8, '0')}.${markKey(kind, ...parts)}`
}
