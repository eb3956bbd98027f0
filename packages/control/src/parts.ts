// What the use cases of the control plane work with. Each declares the few it needs. Parts that one area provides to
// others (such as `RevokerPart`) are declared in that area.
import type { Clock, RecentRefusals, Sealing, SecretHasher, SigningKeys } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from './config-file/configuration.ts'
import type { Directory } from './definitions/directory.ts'

export interface SharedParts {
  readonly configuration: Configuration
  readonly directory: Directory
  readonly storage: Storage
  readonly clock: Clock
  readonly sealing: Sealing
  readonly hasher: SecretHasher
  /** argon2id, deliberately slow */
  hashPassword(password: string): Promise<string>
  proxyTrouble(): ProxyTrouble | undefined
  /** From every server running here: recent refusals of unauthenticated callers */
  recentRefusals(): readonly RecentRefusals[]
  /** From every server running here */
  signingKeys(): readonly SigningKeys[]
  /**
   * Runs use cases in this process one at a time, each with `Directory.judgeAndWrite`, after completing earlier changes.
   */
  inTurn<T>(useCase: () => Promise<T>): Promise<T>
  /** The same for acts, which wait for each other but never for the validation of a definition. */
  actInTurn<T>(act: () => Promise<T>): Promise<T>
}

/** What hides client addresses: an undeclared proxy, or a declared one that does not forward them. */
export interface ProxyTrouble {
  readonly kind: 'undeclared' | 'silent'
  /** Epoch milliseconds of the first request that showed it */
  readonly sinceMs: number
}

export type Parts<Names extends keyof SharedParts> = Pick<SharedParts, Names>

export function createSerialQueue(): SharedParts['inTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  return (change) => {
    const next = last.then(change)
    last = next.catch(() => undefined)
    return next
  }
}
