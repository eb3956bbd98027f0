// The users of an embedded IdP: defined with their passwords, or found by functions of a service.
import { lookUpUsers } from '@crosswalk/as-core'
import { foldValue, readIdentifier } from '@crosswalk/policy'
import { zUser } from '@crosswalk/protocol'

import { parseAll } from './parse-all.ts'
import type { PasswordHashes, UserLookup, User } from './ports.ts'
import { chooseByLogin } from './sign-in/choose-by-login.ts'
import { hashConfiguredPassword } from './sign-in/passwords.ts'

export type ConfiguredUser = (typeof zUser)['_input']

/** Database clients return either for a missing row. */
type Nothing = undefined | null

/** A service that has the users; it is called at every use, so that disabling a user takes effect immediately. */
export interface OwnUserSource {
  /** By their immutable id */
  findById(id: string): Promise<ConfiguredUser | Nothing>
  /** By sign-in name: user name or verified email address; best in any case, as users type them */
  findByLogin(login: string): Promise<ConfiguredUser | Nothing>
  /** The argon2id hash in PHC form; nothing if the user has no password */
  findPasswordHash(userId: string): Promise<string | Nothing>
  /**
   * By attribute, exact; for SAML issuers whose `nameId` is an attribute, and to find users with the same `sub`. If
   * absent, no user is found that way, so attributes that identify users at resources must not repeat.
   */
  findByAttribute?(name: string, value: string): Promise<readonly ConfiguredUser[]>
}

export interface DefinedUsers {
  readonly users: UserLookup
  readonly passwordHashes: PasswordHashes
}

export function defineUsers(
  given: readonly ConfiguredUser[] | OwnUserSource,
  problems: string[],
): DefinedUsers {
  return Array.isArray(given)
    ? lookUpInList(given as readonly ConfiguredUser[], problems)
    : lookUpAtService(given as OwnUserSource)
}

function lookUpInList(written: readonly ConfiguredUser[], problems: string[]): DefinedUsers {
  const parsed = parseAll('users', zUser, written, problems)
  for (const { id, totpSecret } of parsed) {
    if (totpSecret !== undefined) problems.push(`users: ${id} has a totpSecret; here users enrol themselves`)
  }
  const users = parsed.map(withoutSecrets)
  const passwords = new Map(parsed.map(({ id, password }) => [id, password]))
  const hashes = new Map<string, Promise<string>>()
  return {
    users: {
      findById: async (id) => users.find((user) => user.id === id),
      findByLogin: async (login) => chooseByLogin(users, login),
      findByAttribute: async (name, value) =>
        users.filter(({ attributes }) => Object.hasOwn(attributes, name) && attributes[name] === value),
      findByValue: async (source, text) =>
        users.flatMap((user) => (hasValue(user, source, text) ? [user.id] : [])),
    },
    passwordHashes: {
      // Computed on first use, because hashing all passwords would slow down the start.
      async find(userId) {
        const password = passwords.get(userId)
        if (password === undefined) return undefined
        const hash = hashes.get(userId) ?? hashConfiguredPassword(userId, password)
        hashes.set(userId, hash)
        return await hash
      },
    },
  }
}

const ATTRIBUTE = 'user.attributes.'

function lookUpAtService(own: OwnUserSource): DefinedUsers {
  const complete = (found: readonly (ConfiguredUser | Nothing)[] = []): readonly User[] =>
    found.flatMap((user) => user ?? []).map((user) => withoutSecrets(zUser.parse(user)))
  const findOne = async (find: () => Promise<ConfiguredUser | Nothing>) =>
    await lookUpUsers(async () => complete([await find()])[0])
  const users: UserLookup = {
    findById: async (id) => await findOne(() => own.findById(id)),
    findByLogin: async (login) => await findOne(() => own.findByLogin(login)),
    findByAttribute: async (name, value) =>
      await lookUpUsers(async () => complete(await own.findByAttribute?.(name, value))),
    async findByValue(source, text) {
      const found =
        source === 'user.id'
          ? [await users.findById(text)]
          : source.startsWith(ATTRIBUTE)
            ? await users.findByAttribute(source.slice(ATTRIBUTE.length), text)
            : [await users.findByLogin(text)]
      return found.flatMap((user) => (user !== undefined && hasValue(user, source, text) ? [user.id] : []))
    },
  }
  return {
    users,
    passwordHashes: {
      find: async (userId) => (await lookUpUsers(() => own.findPasswordHash(userId))) ?? undefined,
    },
  }
}

function hasValue(user: User, source: string, text: string): boolean {
  const own = readIdentifier(source, user)
  return own !== undefined && foldValue(source, own) === foldValue(source, text)
}

function withoutSecrets({ password: _, totpSecret: __, ...user }: ReturnType<typeof zUser.parse>): User {
  return user
}
