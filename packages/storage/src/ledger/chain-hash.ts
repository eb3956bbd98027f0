// The hash that links an event to the one before it in its chain. It covers the hash of the event's text, not the text
// itself, so one event can be proven to someone who may not read the others.
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
