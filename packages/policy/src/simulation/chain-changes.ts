// Changes that let an access token be exchanged: enabling what blocks an earlier hop, and delegating more over the
// connection.
import type { Delegation } from '@crosswalk/protocol'

import { findChain } from '../exchange/chain-checks.ts'
import { type Change, editDefinition, type Situation, withConnection } from './change.ts'

/** Accepts access tokens with a chain of this length for the request. */
export function takeAccessTokens({ question, connection, connectionName }: Situation): readonly Change[] {
  const chain = findChain(question.facts.subject)
  if (connection === undefined || chain === undefined) return []
  const { delegation = { maxDepth: 1, scopes: {} } } = connection
  const maxDepth = Math.max(delegation.maxDepth, chain.hops.length)
  return [
    delegate(
      { connection, delegation: { ...delegation, maxDepth } },
      `Let the connection ${connectionName} accept access tokens after ${maxDepth === 1 ? 'one app' : `${maxDepth} apps`}.`,
    ),
  ]
}

/** Delegates the requested scopes to the scopes of the access token. */
export function delegateScopes({
  question,
  record,
  connection,
  connectionName,
}: Situation): readonly Change[] {
  const chain = findChain(question.facts.subject)
  const delegation = connection?.delegation
  if (connection === undefined || chain === undefined || delegation === undefined) return []
  const asked = record.request.scope.length > 0 ? record.request.scope : connection.scopes
  const added = asked.filter((scope) => connection.scopes.includes(scope))
  if (added.length === 0 || chain.scope.length === 0) return []
  const scopes = {
    ...delegation.scopes,
    ...Object.fromEntries(
      added.map((scope) => [scope, [...new Set([...(delegation.scopes[scope] ?? []), ...chain.scope])]]),
    ),
  }
  return [
    delegate(
      { connection, delegation: { ...delegation, scopes } },
      `Let access tokens with ${chain.scope.join(' or ')} give ${added.join(' ')} over the connection ${connectionName}.`,
    ),
  ]
}

function delegate(
  {
    connection,
    delegation,
  }: { readonly connection: NonNullable<Situation['connection']>; readonly delegation: Delegation },
  text: string,
): Change {
  return editDefinition(
    { collection: 'connections', id: connection.id, patch: { delegation } },
    {
      id: `delegation ${connection.id} ${JSON.stringify(delegation)}`,
      text,
      apply: (asked) => withConnection(asked, connection, { delegation }),
    },
  )
}
