// Identifiers: time-ordered where a database keeps them, unguessable where possession counts. Random bytes are drawn
// in bulk, since a small draw costs as much as a large one, and a token request needs five.
import { randomFillSync } from 'node:crypto'

import { flat } from '@crosswalk/protocol'

const POOL_BYTES = 8192
const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/** @returns fresh random bytes as text; what was handed out is wiped from the pool */
function drawRandom(bytes: number, encoding: 'hex' | 'base64url'): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const text = pool.toString(encoding, used, used + bytes)
  pool.fill(0, used, used + bytes)
  used += bytes
  return text
}

let prefixMs = 0
let prefix = ''

/** 48 bits of milliseconds, so that ids sort by time and a database appends instead of inserting at random. */
function timePrefix(): string {
  const now = Date.now()
  if (now !== prefixMs) {
    prefixMs = now
    prefix = now.toString(16).padStart(12, '0')
  }
  return prefix
}

/** @returns an id that sorts by time, with a prefix that names its kind: 48 bits of time, 80 random */
export function newId<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}` {
  return flat`${prefix}_${timePrefix()}${drawRandom(10, 'hex')}` as `${Prefix}_${string}`
}

/** @returns 128 random bits as 22 base64url characters */
export function randomToken(): string {
  return drawRandom(16, 'base64url')
}

/** @returns a token id that sorts by time: 48 bits of time, 128 random (JAG-08) */
export function newTokenId(): string {
  return `${timePrefix()}${drawRandom(16, 'base64url')}`
}
