// Passwords of people in the configuration file: hashed when they change, at the start.
import type { UserDefinition } from '@crosswalk/protocol'
import type { StoredPasswordHashes } from '@crosswalk/storage'

export interface PasswordPreparation {
  readonly store: StoredPasswordHashes
  /** argon2id, slow on purpose */
  hash(password: string): Promise<string>
  /** What the password of a user was when it was hashed, recognisable only with the master key */
  fingerprint(userId: string, password: string): string
}

/** Hashes the passwords of the file that changed since the last start; the others keep their hash. */
export async function preparePasswords(
  users: readonly UserDefinition[],
  { store, hash, fingerprint }: PasswordPreparation,
): Promise<void> {
  for (const { id, password } of users) {
    if (password === undefined) {
      await store.remove(id)
      continue
    }
    const current = fingerprint(id, password)
    if ((await store.fingerprint(id)) !== current) await store.replace(id, await hash(password), current)
  }
}
