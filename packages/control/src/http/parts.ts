// What the handlers of the admin API work with.
import type { Clock, RecentRefusals, Sealing, SecretHasher, SigningKeys } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

import type { AuditStreamsHere } from '../audit/delivery/audit-streams.ts'
import type { AuditKeeper } from '../audit/delivery/keep-audit.ts'
import type { Configuration } from '../config-file/configuration.ts'
import type { Proofs } from '../connections/proofs/proofs.ts'
import type { Directory } from '../definitions/directory.ts'
import type { Signals } from '../security-events/signals.ts'
import type { Evaluate } from '../simulate/aside/evaluate.ts'
import type { AccessRevoker } from '../respond/access-revoker.ts'
import type { Vault } from '../vault/vault.ts'

export interface AdminParts {
  readonly configuration: Configuration
  readonly directory: Directory
  readonly storage: Storage
  readonly clock: Clock
  readonly sealing: Sealing
  readonly hasher: SecretHasher
  /** argon2id, slow on purpose */
  hashPassword(password: string): Promise<string>
  readonly revoker: AccessRevoker
  readonly vault: Vault
  /** What others are told of an act */
  readonly signals: Signals
  /** Undefined where no identity provider runs here */
  readonly proofs: Proofs | undefined
  /** Runs a handler on what a caller sent, where it keeps no one else waiting */
  readonly evaluate: Evaluate
  readonly auditStreams: AuditStreamsHere
  readonly auditKeeper: AuditKeeper
  /** See `undeclared-proxy.ts`; epoch milliseconds */
  undeclaredProxySince(): number | undefined
  /** Of every server running here: refusals of callers that never authenticated */
  recentRefusals(): readonly RecentRefusals[]
  /** Of every server running here */
  signingKeys(): readonly SigningKeys[]
  /**
   * Runs one change after the other in this process: what a change was checked against is still so when it is made.
   */
  inTurn<T>(change: () => Promise<T>): Promise<T>
  /** The same for acts: they wait for each other, and never for a change of definitions that is being checked. */
  actInTurn<T>(act: () => Promise<T>): Promise<T>
}

/** The few of them that a use case needs. */
export type Parts<Names extends keyof AdminParts> = Pick<AdminParts, Names>

export function createTurns(): AdminParts['inTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  return (change) => {
    const next = last.then(change)
    last = next.catch(() => undefined)
    return next
  }
}
