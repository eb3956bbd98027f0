// Builds the items of a review: connections with their use and a suggestion based on it.
import type { ReviewItem } from '@crosswalk/admin-api'
import { hasEnded } from '@crosswalk/policy'
import { type AppDefinition, type ConnectionDefinition, DAY_MS } from '@crosswalk/protocol'
import type { ConnectionUse, UsedScopes } from '@crosswalk/storage'

import { createUserCount } from '../connections/count-users.ts'
import type { AccessGrantRecord } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'
import { toMoment } from '../http/to-moment.ts'

/** The used scopes of a connection are determined from this many of its newest grants. */
const MAX_EXAMINED = 1000

export async function buildItems(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  definitions: readonly ConnectionDefinition[],
  periodDays: number,
): Promise<ReviewItem[]> {
  const { connectionUses } = parts.storage
  const since = parts.clock.nowMs() - periodDays * DAY_MS
  const uses = await connectionUses.read(
    definitions.map(({ id }) => id),
    since,
  )
  const countUsers = await createUserCount(parts)
  const granted = groupGrants(parts)
  const { world } = parts.directory.current()
  const items: ReviewItem[] = []
  for (const definition of definitions) {
    const query = { connection: definition.id, since, most: MAX_EXAMINED }
    const use = uses.get(definition.id) ?? { lastUsedAt: undefined, uses: 0, people: 0 }
    const used = use.uses === 0 ? { scopes: [], examined: 0 } : await connectionUses.readScopes(query)
    const grants = (granted.get(definition.id) ?? []).map(({ id, user, scopes, until = null }) => ({
      ...{ id, user, until, scopes: [...scopes] },
    }))
    items.push(
      buildItem(definition, {
        ...{ use, scopes: used, grants, assigned: await countUsers(definition.id) },
        about: world.apps.get(definition.app)?.definition,
      }),
    )
  }
  return items
}

/** @returns the active access grants of a connection */
export function listGrants(
  parts: Parts<'directory' | 'clock'>,
  { id }: Pick<ConnectionDefinition, 'id'>,
): readonly AccessGrantRecord[] {
  return groupGrants(parts).get(id) ?? []
}

/** @returns the active access grants by connection */
function groupGrants({
  directory,
  clock,
}: Parts<'directory' | 'clock'>): ReadonlyMap<string, readonly AccessGrantRecord[]> {
  const now = clock.nowMs() / 1000
  const active = [...directory.current().world.accessGrants.values()].filter(
    ({ state, until }) => state === 'active' && !hasEnded(until, now),
  )
  return Map.groupBy(active, ({ connection }) => connection)
}

interface Seen {
  readonly use: ConnectionUse
  readonly scopes: UsedScopes
  readonly assigned: number
  readonly grants: ReviewItem['evidence']['grants']
  /** Undefined if the app describes itself */
  readonly about: Pick<AppDefinition, 'purpose' | 'owners'> | undefined
}

function buildItem(
  { id, app, resourceApp, scopes, expiresAt }: ConnectionDefinition,
  { use, scopes: used, assigned, grants, about }: Seen,
): ReviewItem {
  const unusedScopes = scopes.filter((scope) => !used.scopes.includes(scope))
  return {
    connection: id,
    app,
    resourceApp,
    ...(about?.purpose === undefined ? {} : { purpose: about.purpose }),
    owners: [...(about?.owners ?? [])],
    scopes: [...scopes],
    expiresAt: expiresAt ?? null,
    evidence: {
      lastUsedAt: toMoment(use.lastUsedAt),
      uses: use.uses,
      people: use.people,
      assigned,
      grants,
      usedScopes: [...used.scopes],
      unusedScopes,
      examined: used.examined,
    },
    suggestion: use.uses === 0 ? 'revoke' : unusedScopes.length > 0 ? 'narrow' : 'keep',
  }
}
