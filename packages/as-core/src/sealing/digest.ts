// Unkeyed digests: names for tokens and replay keys that reveal nothing about them.
import { hash } from 'node:crypto'

import { flat } from '@crosswalk/protocol'

import type { ReplayKey } from '../ports.ts'

/** @returns SHA-256 of the text, base64url, 43 characters */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}

/**
 * @param id - of the token, chosen by its issuer
 * @param maker - the issuer and the kind of use; encoded unambiguously (SEC-20)
 * @returns the key of a single use, at most 64 characters
 */
export function replayKeyDigest(kind: ReplayKey['kind'], id: string, ...maker: readonly string[]): string {
  return timeOf(id) + digest(JSON.stringify([kind, id, ...maker]))
}

/** @returns the name of a grant in the log: a digest of the `jti` of its ID-JAG; the same at both servers */
export function grantIdOf(jti: string): string {
  return flat`${timeOf(jti)}${digest(jti)}`
}

/**
 * Time prefix of an id by `newTokenId`, so that a database appends the digest to its index instead of inserting at
 * random.
 */
function timeOf(id: string): string {
  return /^[0-9a-f]{12}(?=[\w-]{22}$)/.exec(id)?.[0] ?? ''
}
