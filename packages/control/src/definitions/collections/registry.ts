// How the control plane handles every collection. A new collection needs a file here, a line in this table, and its
// shape in `@crosswalk/admin-api`.
import { type Collection, COLLECTION_NAMES, COLLECTIONS, type InputOf } from '@crosswalk/admin-api'
import type { EpochMs } from '@crosswalk/protocol'

import type { CompiledWorld } from '../compile-world.ts'
import type { DefinitionOf, CachedItems, HeldKind } from '../records.ts'
import { approvalRules } from './approval-rules.ts'
import { apps } from './apps.ts'
import { authorizationServers } from './authorization-servers.ts'
import { NO_SECRETS } from './client-secrets.ts'
import type { ControlledCollection, Preparation, Prepared } from './collection.ts'
import { connections } from './connections.ts'
import { groups } from './groups.ts'
import { policies } from './policies.ts'
import { policySuites } from './policy-suites.ts'
import { resourceApps } from './resource-apps.ts'
import { reviewSchedules } from './review-schedules.ts'
import { users } from './users.ts'

export const CONTROLLED: { readonly [C in Collection]: ControlledCollection<C> } = {
  users,
  groups,
  apps,
  'resource-apps': resourceApps,
  connections,
  policies,
  'approval-rules': approvalRules,
  'review-schedules': reviewSchedules,
  'policy-suites': policySuites,
  'authorization-servers': authorizationServers,
}

type Shown = Readonly<Record<string, unknown>>

/** The path of each collection in a configuration document, in dependency order. */
export const SECTIONS: readonly {
  readonly collection: Collection
  readonly path: readonly ['idp', string] | readonly [string]
}[] = COLLECTION_NAMES.map((collection) => ({ collection, path: COLLECTIONS[collection].path }))

export function prepareDefinition<C extends Collection>(
  collection: C,
  input: InputOf<C>,
  previous: DefinitionOf<C> | undefined,
  preparation: Preparation,
): Prepared<C> {
  return (
    CONTROLLED[collection].prepare?.(input, previous, preparation) ?? {
      definition: input as unknown as DefinitionOf<C>,
      made: NO_SECRETS,
      secretChanged: false,
    }
  )
}

/** @returns the definition without secrets, for responses and records */
export function showDefinition<C extends Collection>(collection: C, definition: DefinitionOf<C>): Shown {
  return CONTROLLED[collection].show?.(definition) ?? { ...definition }
}

export async function showRelations<C extends Collection>(
  collection: C,
  definition: DefinitionOf<C>,
  { compiled, nowMs }: { readonly compiled: CompiledWorld; readonly nowMs: EpochMs },
): Promise<Shown> {
  return (await CONTROLLED[collection].showRelations?.(definition, compiled, nowMs)) ?? {}
}

export function heldKindOf(collection: Collection): HeldKind | undefined {
  return CONTROLLED[collection].heldAs
}

/** @returns the objects that refer to it, as `COLLECTION/ID`; deleting it would leave them dangling */
export function findReferrers(items: CachedItems, collection: Collection, id: string): readonly string[] {
  return CONTROLLED[collection].findReferrers?.(items, id) ?? []
}
