// The items of a review: connections with how they were used, and what that alone suggests.
import type { ReviewItem } from '@crosswalk/admin-api'
import { findAssignment } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ConnectionUse, UsedScopes } from '@crosswalk/storage'

import { DAY_MS } from '../connection-usage.ts'
import type { AdminParts } from '../parts.ts'

/** From how many of its newest grants the used scopes of a connection are known. */
const MOST_EXAMINED = 1000

export async function buildItems(
  parts: AdminParts,
  definitions: readonly ConnectionDefinition[],
  periodDays: number,
): Promise<ReviewItem[]> {
  const { connectionUses } = parts.storage
  const since = parts.clock.nowMs() - periodDays * DAY_MS
  const uses = await connectionUses.read(
    definitions.map(({ id }) => id),
    since,
  )
  const items: ReviewItem[] = []
  for (const definition of definitions) {
    const query = { connection: definition.id, since, most: MOST_EXAMINED }
    const scopes = await connectionUses.readScopes(query)
    const use = uses.get(definition.id) ?? { lastUsedAt: undefined, uses: 0, people: 0 }
    items.push(buildItem(definition, { use, scopes, assigned: countAssigned(parts, definition) }))
  }
  return items
}

function countAssigned({ directory }: AdminParts, { assignments }: ConnectionDefinition): number {
  const people = [...directory.current().people.values()]
  return people.filter((person) => findAssignment(assignments, person) !== undefined).length
}

interface Seen {
  readonly use: ConnectionUse
  readonly scopes: UsedScopes
  readonly assigned: number
}

function buildItem(
  { id, app, resourceApp, scopes, expiresAt }: ConnectionDefinition,
  { use, scopes: used, assigned }: Seen,
): ReviewItem {
  const unusedScopes = scopes.filter((scope) => !used.scopes.includes(scope))
  return {
    connection: id,
    app,
    resourceApp,
    scopes: [...scopes],
    expiresAt: expiresAt ?? null,
    evidence: {
      lastUsedAt: use.lastUsedAt === undefined ? null : new Date(use.lastUsedAt).toISOString(),
      uses: use.uses,
      people: use.people,
      assigned,
      usedScopes: [...used.scopes],
      unusedScopes,
      examined: used.examined,
    },
    suggestion: use.uses === 0 ? 'revoke' : unusedScopes.length > 0 ? 'narrow' : 'keep',
  }
}
