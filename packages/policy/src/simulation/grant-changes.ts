// Access grants as changes: the narrowest possible, since they give one user some scopes over one connection, whether
// the file or the database owns the definitions.
import type { AccessGrant, AccessGrants } from '../access-grants.ts'
import { compileAccessGrants } from '../access-grants.ts'
import { openRequestKey } from '../exchange-snapshot.ts'
import { renderApiCall } from './api-call.ts'
import type { Change, Question, Situation } from './change.ts'
import { buildCommand } from './command-line.ts'

/** @returns empty if there is no connection, or if the catalogue has none of the requested scopes */
export function grantAccess(situation: Situation): readonly Change[] {
  const { question, record, connection, connectionName, userId, who } = situation
  const { user } = question.facts
  if (connection === undefined || user === undefined) return []
  const request = findOpenRequest(situation)
  if (request !== undefined) return [approveRequest(situation, request)]
  const target = question.snapshot.resourceApps.get(connection.resourceApp)
  const known = new Set(target?.resources.flatMap(({ scopes }) => scopes) ?? [])
  const asked = record.request.scope.length > 0 ? record.request.scope : connection.scopes
  const scopes = [...new Set(asked)].filter((scope) => known.size === 0 || known.has(scope))
  if (scopes.length === 0) return []
  const about = { connection: connection.id, user: userId }
  return [
    {
      id: `grant ${userId} ${connection.id} ${scopes.join(' ')}`,
      owner: 'administrator',
      text: `Grant ${who} access with ${scopes.join(' ')} over the connection ${connectionName}. No other user is affected.`,
      cli: buildCommand(
        ...['grant', 'create', '--connection', connection.id, '--user', userId],
        ...['--scope', scopes.join(' ')],
      ),
      api: renderApiCall('POST', ['access-grants'], { ...about, scopes, reason: '…' }),
      apply: (given) => withGrant(given, situation, { ...about, scopes }),
    },
  ]
}

function findOpenRequest({ question: { snapshot }, record, userId }: Situation) {
  const app = record.request.requesting_app?.id ?? ''
  const resourceApp = record.resolution.resource_app ?? ''
  return snapshot.openRequests.get(openRequestKey({ user: userId, app, resourceApp }))
}

function approveRequest(
  situation: Situation,
  { id, scopes }: { readonly id: string; readonly scopes: readonly string[] },
): Change {
  const { connection, userId, who } = situation
  return {
    id: `approve ${id}`,
    owner: 'administrator',
    text: `Approve the access request of ${who} for ${scopes.join(' ')}.`,
    cli: buildCommand('request', 'approve', id),
    api: renderApiCall('POST', ['access-requests', id, 'approve'], { reason: '…' }),
    apply: (given) => withGrant(given, situation, { connection: connection?.id ?? '', user: userId, scopes }),
  }
}

const PROPOSED = 'proposed'

function withGrant(
  { facts, snapshot }: Question,
  { connection }: Situation,
  grant: Omit<AccessGrant, 'id'>,
): Question {
  const states = [...(connection?.approvals ?? [])]
  const meanings = Object.fromEntries(states.map(([scope, { meaning }]) => [scope, meaning]))
  const added = compileAccessGrants([{ ...grant, id: PROPOSED, meanings }])
  return { facts, snapshot: { ...snapshot, accessGrants: join(snapshot.accessGrants, added) } }
}

function join(one: AccessGrants, other: AccessGrants): AccessGrants {
  const joined = new Map(one)
  for (const [key, grants] of other) joined.set(key, [...(one.get(key) ?? []), ...grants])
  return joined
}
