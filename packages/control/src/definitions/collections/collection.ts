// What the control plane knows of one collection, beside its shape in the admin API: how its objects are stored, taken
// from a caller or the configuration file, shown, and what refers to them.
import type { Collection, InputOf } from '@crosswalk/admin-api'
import type { AuditEvent, SecretHasher } from '@crosswalk/as-core'
import type { z } from 'zod'

import type { CompiledWorld } from '../compile-world.ts'
import type { DefinitionOf, HeldItems, HeldKind } from '../records.ts'

export interface Prepared<C extends Collection> {
  readonly definition: DefinitionOf<C>
  /** Secrets made here, by the id of the client */
  readonly made: ReadonlyMap<string, string>
  /** Whether any client secret or password differs from before */
  readonly secretChanged: boolean
  /** null: to be removed */
  readonly password?: string | null
}

export interface Preparation {
  readonly hasher: SecretHasher
  readonly baseUrl: string
  /** RFC 3339 */
  readonly now: string
}

type Shown = Readonly<Record<string, unknown>>

export interface ControlledCollection<C extends Collection> {
  /** Parsing fills in what a later release added. */
  readonly stored: z.ZodType<DefinitionOf<C>>
  /** Its audit events: `KIND.created`, `KIND.changed` … */
  readonly event: { readonly kind: string; readonly category: AuditEvent['category'] }
  /** Where its objects can be suspended or revoked while they run */
  readonly heldAs?: HeldKind
  /** From what was sent to what is kept; as it was sent unless given */
  prepare?(input: InputOf<C>, previous: DefinitionOf<C> | undefined, preparation: Preparation): Prepared<C>
  /** From the configuration file to what is kept; as it is there unless given */
  fromFile?(definition: never, hasher: SecretHasher): DefinitionOf<C>
  /** Without secrets, for answers and the audit log; whole unless given */
  show?(definition: DefinitionOf<C>): Shown
  /** What is shown of an object beside its definition */
  showRelations?(definition: DefinitionOf<C>, compiled: CompiledWorld): Promise<Shown>
  /** @returns what still refers to an object, as `COLLECTION/ID`, so that it cannot be deleted */
  findReferrers?(items: HeldItems, id: string): readonly string[]
}
