// What the IdP needs from outside, beyond the ports of `authorization-server`.
import type { EpochSeconds, UserDefinition } from '@crosswalk/protocol'

/** A person as the IdP knows them now; no password in it. */
export type User = Omit<UserDefinition, 'password'>

/** People, current at every call: a disabled user is seen as such by the next exchange. */
export interface Users {
  findById(id: string): Promise<User | undefined>
  /** By user name or verified e-mail, exact. */
  findByLogin(login: string): Promise<User | undefined>
}

export interface PasswordHashes {
  /** @returns the argon2id hash in PHC form, undefined for a user without password */
  find(userId: string): Promise<string | undefined>
}

/**
 * Persistence of the sign-in provider's sessions, codes, refresh tokens and the like, one map per model.
 *
 * `consume` is atomic: of two callers exactly one gets true, also when `upsert` came between them: `upsert`
 * replaces payload and expiry of a row that exists, never its consumed mark. Everything is durable when the
 * promise resolves.
 * Expired rows read as missing.
 */
export interface SignInStore {
  upsert(
    model: string,
    id: string,
    payload: Readonly<Record<string, unknown>>,
    expiresInSeconds?: number,
  ): Promise<void>
  find(model: string, id: string): Promise<Record<string, unknown> | undefined>
  findByUid(model: string, uid: string): Promise<Record<string, unknown> | undefined>
  findByUserCode(model: string, userCode: string): Promise<Record<string, unknown> | undefined>
  /** Marks as consumed; a later find shows `consumed` (epoch seconds) in the payload. */
  consume(model: string, id: string, at: EpochSeconds): Promise<boolean>
  destroy(model: string, id: string): Promise<void>
  revokeByGrantId(model: string, grantId: string): Promise<void>
}
