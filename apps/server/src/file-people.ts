// People of the configuration file as the IdP sees them. The file does not change while the server runs.
import type { PasswordHashes, User, Users } from '@crosswalk/idp'
import type { UserDefinition } from '@crosswalk/protocol'

export function createFileUsers(definitions: readonly UserDefinition[]): Users {
  const people = definitions.map(withoutPassword)
  const byId = new Map(people.map((user) => [user.id, user]))
  const byLogin = new Map<string, User>()
  for (const user of people) {
    if (user.email !== undefined && user.emailVerified) byLogin.set(user.email, user)
  }
  // User names last: where both are the same, the name is the person's own.
  for (const user of people) byLogin.set(user.username, user)
  return {
    findById: async (id) => byId.get(id),
    findByLogin: async (login) => byLogin.get(login),
  }
}

function withoutPassword({ password: _, ...user }: UserDefinition): User {
  return user
}

/** Passwords as they are kept: beside each hash, what it was made of, recognisable only with the master key. */
export interface PasswordStore {
  find(userId: string): Promise<{ readonly hash: string; readonly fingerprint: string } | undefined>
  put(userId: string, hash: string, fingerprint: string): Promise<void>
}

export interface PasswordPreparation {
  readonly store: PasswordStore
  /** argon2id, slow on purpose */
  hash(password: string): Promise<string>
  fingerprint(userId: string, password: string): string
}

/**
 * Hashes the passwords of the file that changed since the last start; the others keep their hash.
 * @returns the hashes; a user whose password left the file has none
 */
export async function preparePasswords(
  users: readonly UserDefinition[],
  { store, hash, fingerprint }: PasswordPreparation,
): Promise<PasswordHashes> {
  const hashes = new Map<string, string>()
  for (const { id, password } of users) {
    if (password === undefined) continue
    const expected = fingerprint(id, password)
    const kept = await store.find(id)
    const current = kept?.fingerprint === expected ? kept.hash : await hash(password)
    if (current !== kept?.hash) await store.put(id, current, expected)
    hashes.set(id, current)
  }
  return { find: async (userId) => hashes.get(userId) }
}
