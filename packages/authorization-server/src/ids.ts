// Identifiers: time-ordered where a database keeps them, unguessable where possession counts.
import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** @returns a time-ordered id with a prefix that names its kind (UUIDv7, RFC 9562 section 5.7, without dashes) */
export function newId<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}` {
  return `${prefix}_${v7().replaceAll('-', '')}`
}

const SECRET_BYTES = 16
const pool = Buffer.alloc(SECRET_BYTES * 256)
let used = pool.length

/** @returns 128 random bits as 22 base64url characters; drawn from a pool, since small draws cost as much as large ones */
export function randomToken(): string {
  if (used >= pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const text = pool.toString('base64url', used, used + SECRET_BYTES)
  pool.fill(0, used, used + SECRET_BYTES)
  used += SECRET_BYTES
  return text
}
