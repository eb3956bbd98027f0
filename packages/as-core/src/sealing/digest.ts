// Digests without a key: names for tokens and single uses that reveal nothing of them.
import { hash } from 'node:crypto'

import { flat } from '@crosswalk/protocol'

import type { ReplayKey } from '../ports.ts'

/** @returns SHA-256 of the text, base64url, 43 characters */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}

/**
 * @param id - of the token, as its issuer chose it
 * @param maker - who that was, and which use it is: unambiguous however the parts are cut (SEC-20)
 * @returns the key of a single use, at most 64 characters
 */
export function replayKeyDigest(kind: ReplayKey['kind'], id: string, ...maker: readonly string[]): string {
  return timeOf(id) + digest(JSON.stringify([kind, id, ...maker]))
}

/** @returns the name of a grant in the log: a digest of the `jti` of its ID-JAG, the same at both servers */
export function grantIdOf(jti: string): string {
  return flat`${timeOf(jti)}${digest(jti)}`
}

/** Of an id by `newTokenId`, so that a database appends its digest to an index instead of inserting it at random. */
function timeOf(id: string): string {
  return /^[0-9a-f]{12}(?=[\w-]{22}$)/.exec(id)?.[0] ?? ''
}
