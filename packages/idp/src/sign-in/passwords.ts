// Hashes passwords with argon2id in PHC form. Does not decide who may sign in.
import { createHash } from 'node:crypto'

import { hash, verify } from '@node-rs/argon2'

/** The second recommended setting of RFC 9106 section 4, scaled down to OWASP's minimum: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** @returns the argon2id hash in PHC form, with its own random salt */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/** The same hash in every process, for configured passwords whose hash is not stored. */
export function hashConfiguredPassword(userId: string, password: string): Promise<string> {
  return hash(password, { ...COST, salt: createHash('sha256').update(userId).digest() })
}

/** @returns false also for an unreadable hash */
export async function verifyPassword(phc: string, password: string): Promise<boolean> {
  try {
    return await verify(phc, password)
  } catch {
    return false
  }
}

let decoy: Promise<string> | undefined

/** Takes the time of a real verification, so that an unknown name does not respond faster than a wrong password. */
export async function verifyDecoyPassword(password: string): Promise<false> {
  decoy ??= hashPassword(crypto.randomUUID())
  await verifyPassword(await decoy, password)
  return false
}
