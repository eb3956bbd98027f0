// Connections: shown with the approvals of their scopes.
import type { ViewOf } from '@crosswalk/admin-api'
import { digest } from '@crosswalk/as-core'
import { connectionKey, renderMeaning, type ScopeState } from '@crosswalk/policy'
import { zConnection } from '@crosswalk/protocol'

import type { CompiledWorld } from '../compile-world.ts'
import type { DefinitionOf } from '../records.ts'
import type { ControlledCollection } from './collection.ts'

export const connections: ControlledCollection<'connections'> = {
  stored: zConnection,
  event: { kind: 'connection', category: 'connection' },
  heldAs: 'connection',
  showRelations: async (definition, compiled) => showApprovals(definition, compiled),
}

/** The scopes of a connection that need approval, and their approvals. */
function showApprovals(
  { app, resourceApp, scopes }: DefinitionOf<'connections'>,
  { exchange }: CompiledWorld,
): Pick<ViewOf<'connections'>, 'approvals'> {
  const states = exchange?.connections.get(connectionKey(app, resourceApp))?.approvals
  const guarded = states === undefined ? [] : scopes.filter((scope) => states.has(scope))
  if (states === undefined || guarded.length === 0) return {}
  return { approvals: guarded.flatMap((scope) => showScopeState(scope, states.get(scope))) }
}

/** @returns an empty list for a scope that needs no approval */
export function showScopeState(scope: string, found: ScopeState | undefined) {
  if (found === undefined) return []
  const { state, meaning, approval } = found
  const shown = { scope, state, meaning, digest: digest(renderMeaning(meaning)) }
  if (approval === undefined) return [shown]
  const { by, at, reason, meaning: then } = approval
  return [
    {
      ...shown,
      approval: {
        ...{ by, at, meaning: then, digest: digest(renderMeaning(then)) },
        ...(reason === undefined ? {} : { reason }),
      },
    },
  ]
}
