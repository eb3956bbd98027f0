// The hash that links an event to the one before it in its chain. It covers the text of an event by the hash of the text,
// so a chain can be recomputed without the texts of other events: that is how one event is proven to
// others who may not read the log.
import { hash } from 'node:crypto'

/** The previous hash of the first event. */
export const FIRST_PREV_HASH = ''

/** @returns SHA-256, base64url */
export function hashText(text: string): string {
  return hash('sha256', text, 'base64url')
}

/** @returns SHA-256, base64url, of previous hash, chain, number and hash of the text, one per line */
export function linkHash(prevHash: string, chain: string, seq: number, textHash: string): string {
  return hash('sha256', `${prevHash}\n${chain}\n${seq}\n${textHash}`, 'base64url')
}

export function chainHash(prevHash: string, chain: string, seq: number, text: string): string {
  return linkHash(prevHash, chain, seq, hashText(text))
}
