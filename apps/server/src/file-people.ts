// People of the configuration file as the IdP sees them. The file does not change while the server runs.
import type { User, Users } from '@crosswalk/idp'
import type { UserDefinition } from '@crosswalk/protocol'
import type { StoredPasswordHashes } from '@crosswalk/storage'

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
