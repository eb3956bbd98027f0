// How the control plane handles a collection, beyond its shape in the admin API: how its objects are stored, converted
// from API input or the configuration file, shown, and referred to.
import type { Collection, InputOf } from '@crosswalk/admin-api'
import type { AuditEvent, SecretHasher } from '@crosswalk/as-core'
import type { EpochMs, ObjectKind } from '@crosswalk/protocol'
import type { z } from 'zod'

import type { CompiledWorld } from '../compile-world.ts'
import type { DefinitionOf, CachedItems, HeldKind } from '../records.ts'

export interface Prepared<C extends Collection> {
  readonly definition: DefinitionOf<C>
  /** Secrets generated here, by client id */
  readonly made: ReadonlyMap<string, string>
  /** Whether any client secret or password changed */
  readonly secretChanged: boolean
  /** null: remove the password */
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
  /** Parsing fills in defaults of later releases. */
  readonly stored: z.ZodType<DefinitionOf<C>>
  /** Its audit events: `KIND.created`, `KIND.changed` … */
  readonly event: { readonly kind: ObjectKind; readonly category: AuditEvent['category'] }
  /** Set if its objects can be suspended or revoked at run time */
  readonly heldAs?: HeldKind
  /** Converts input to the stored form; default: unchanged */
  prepare?(input: InputOf<C>, previous: DefinitionOf<C> | undefined, preparation: Preparation): Prepared<C>
  /** Converts a definition of the configuration file to the stored form; default: unchanged */
  fromFile?(definition: never, hasher: SecretHasher): DefinitionOf<C>
  /** Removes secrets for responses and the audit log; default: unchanged */
  show?(definition: DefinitionOf<C>): Shown
  /** Facts shown with an object beside its definition */
  showRelations?(definition: DefinitionOf<C>, compiled: CompiledWorld, nowMs: EpochMs): Promise<Shown>
  /** @returns the objects that refer to it, as `COLLECTION/ID`; while there are any, it cannot be deleted */
  findReferrers?(items: CachedItems, id: string): readonly string[]
}
