// How passwords are kept: argon2id in PHC form. Decides nothing about who may sign in.
import { createHash } from 'node:crypto'

import { hash, verify } from '@node-rs/argon2'

/** The second recommended setting of RFC 9106 section 4 scaled to OWASP's floor: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** @returns the argon2id hash in PHC form, with its own random salt */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/** The same in every process: for passwords that are written down, whose hash is kept nowhere. */
export function hashWrittenPassword(userId: string, password: string): Promise<string> {
  return hash(password, { ...COST, salt: createHash('sha256').update(userId).digest() })
}

/** @returns false also for a hash that cannot be read */
export async function verifyPassword(phc: string, password: string): Promise<boolean> {
  try {
    return await verify(phc, password)
  } catch {
    return false
  }
}

let decoy: Promise<string> | undefined

/** Spends the time of a real verification, so that an unknown name answers no faster than a wrong password. */
export async function verifyAgainstNoUser(password: string): Promise<false> {
  decoy ??= hashPassword(crypto.randomUUID())
  await verifyPassword(await decoy, password)
  return false
}
