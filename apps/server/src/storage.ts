// What the server needs of storage as a whole, and where the key that protects its secrets is kept.
import type { KeyStore, Ledger } from '@crosswalk/authorization-server'
import type { SignInStore } from '@crosswalk/idp'
import type { AccessTokens, Accounts } from '@crosswalk/resource-as'

import type { PasswordStore } from './file-people.ts'

export interface ServerStorage {
  readonly ledger: Ledger
  readonly keyStore: KeyStore
  readonly signInStore: SignInStore
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  readonly passwords: PasswordStore
  /** @throws Error when the database does not answer */
  ping(): Promise<void>
  /** Finishes what is being written. */
  close(): Promise<void>
}

/** Beside an embedded database, whose secrets it protects; in `./data` for any other. */
export function findKeyFile(databaseUrl: string): string {
  const file = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : ''
  return file === '' || file === ':memory:' ? './data/crosswalk.key' : `${file}.key`
}
