// Identifiers: time-ordered if a database stores them, unguessable if possession proves something. Random bytes are
// drawn in bulk, because a small draw costs as much as a large one and a token request needs five.
import { randomBytes, randomFillSync } from 'node:crypto'

const POOL_BYTES = 8192
const TOKEN_BYTES = 16
const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/** @returns 128 fresh random bits as 22 base64url characters; used bytes are wiped from the pool */
export function randomToken(): string {
  if (used + TOKEN_BYTES > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const text = pool.toString('base64url', used, used + TOKEN_BYTES)
  pool.fill(0, used, used + TOKEN_BYTES)
  used += TOKEN_BYTES
  return text
}

const ID_CHARACTERS = 20
let hex = ''
let read = 0

/** @returns 80 fresh random bits as 20 hexadecimal characters; ids are not secret */
function drawId(): string {
  if (read + ID_CHARACTERS > hex.length) {
    hex = randomBytes(POOL_BYTES).toString('hex')
    read = 0
  }
  read += ID_CHARACTERS
  return hex.slice(read - ID_CHARACTERS, read)
}

let prefixMs = 0
let prefix = ''

/**
 * 48 bits of milliseconds, so that ids sort by time and a database appends instead of inserting at random positions.
 */
function timePrefix(): string {
  const now = Date.now()
  if (now !== prefixMs) {
    prefixMs = now
    prefix = now.toString(16).padStart(12, '0')
  }
  return prefix
}

/** @returns an id that sorts by time: a prefix that names its kind, 48 bits of time, 80 random bits */
export function newId<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}` {
  // A flat string, like everything that goes into the log (see `flat`).
  return [prefix, '_', timePrefix(), drawId()].join('') as `${Prefix}_${string}`
}

/** @returns a token id that sorts by time: 48 bits of time, 128 random bits (JAG-08) */
export function newTokenId(): string {
  return [timePrefix(), randomToken()].join('')
}
