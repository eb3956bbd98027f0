// Changes to connections: their state, period, window, resources and approved scopes.
import { DAY_SECONDS } from '@crosswalk/protocol'

import { hasEnded, renderTime } from '../moment.ts'
import { renderApiCall } from './api-call.ts'
import { type Change, editDefinition, type Situation, withConnection } from './change.ts'
import { buildCommand } from './command-line.ts'

export function activateConnection({ question, connection, connectionName }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const { id } = connection
  if (question.snapshot.holds.has(id)) {
    return [
      {
        id: `resume connection ${id}`,
        owner: 'administrator',
        text: `Resume the connection ${connectionName}.`,
        cli: buildCommand('connection', 'resume', id),
        api: renderApiCall('POST', ['connections', id, 'resume']),
        apply({ facts, snapshot }) {
          const holds = new Map(snapshot.holds)
          holds.delete(id)
          return { facts, snapshot: { ...snapshot, holds } }
        },
      },
    ]
  }
  return [
    editDefinition(
      { collection: 'connections', id, patch: { status: 'active' } },
      {
        id: `activate connection ${id}`,
        text: `Activate the connection ${connectionName}.`,
        words: ['connection', 'update', id, '--status', 'active'],
        apply: (asked) => withConnection(asked, connection, { status: 'active' }),
      },
    ),
  ]
}

const EXTENSION_SECONDS = 30 * DAY_SECONDS

/** Extends an ended connection by thirty days, and removes the start of one that has not begun. */
export function openPeriod({ question, connection, connectionName }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const now = question.facts.nowMs / 1000
  const { id, startsAt, endsAt } = connection
  const isOver = hasEnded(endsAt, now)
  if (startsAt !== undefined && now < startsAt)
    return [
      editDefinition(
        { collection: 'connections', id, patch: { notBefore: null } },
        {
          id: `start ${id}`,
          text: `Let the connection ${connectionName} start now.`,
          apply: (asked) => withConnection(asked, connection, { startsAt: undefined }),
        },
      ),
    ]
  if (!isOver) return []
  const end = Math.floor(now) + EXTENSION_SECONDS
  const expiresAt = renderTime(end * 1000)
  return [
    editDefinition(
      { collection: 'connections', id, patch: { expiresAt } },
      {
        id: `extend ${id}`,
        text: `Extend the connection ${connectionName} to ${expiresAt}.`,
        words: ['connection', 'update', id, '--expires', expiresAt],
        apply: (asked) => withConnection(asked, connection, { endsAt: end }),
      },
    ),
  ]
}

export function dropWindow({ connection, connectionName }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const { id } = connection
  return [
    editDefinition(
      { collection: 'connections', id, patch: { conditions: { window: null } } },
      {
        id: `drop window ${id}`,
        text: `Remove the time window of the connection ${connectionName}.`,
        apply: (asked) => withConnection(asked, connection, { window: undefined }),
      },
    ),
  ]
}

export function approveScopes({ record, connection, connectionName }: Situation): readonly Change[] {
  const states = [...(connection?.approvals ?? [])]
  const asked = record.request.scope.length > 0 ? record.request.scope : (connection?.scopes ?? [])
  const scopes = states.flatMap(([scope, { state }]) =>
    state !== 'approved' && asked.includes(scope) ? [scope] : [],
  )
  if (connection === undefined || scopes.length === 0) return []
  const approvals = new Map(
    states.map(([scope, it]) => [scope, scopes.includes(scope) ? { ...it, state: 'approved' as const } : it]),
  )
  return [
    {
      id: `approve ${connection.id} ${scopes.join(' ')}`,
      owner: 'administrator',
      text: `Approve ${scopes.join(' ')} for the connection ${connectionName}.`,
      cli: buildCommand('connection', 'approve', connection.id, '--scope', ...scopes),
      api: renderApiCall('POST', ['connections', connection.id, 'approve-scopes'], { scopes, reason: '…' }),
      apply: (asked) => withConnection(asked, connection, { approvals }),
    },
  ]
}

export function reachResource({ record, connection, connectionName }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const missing = record.request.resource.filter((id) => !connection.resources.includes(id))
  if (missing.length === 0) return []
  const resources = [...connection.resources, ...missing]
  return [
    editDefinition(
      { collection: 'connections', id: connection.id, patch: { resources } },
      {
        id: `resources ${connection.id}`,
        text: `Add ${missing.join(', ')} to the resources of the connection ${connectionName}.`,
        words: ['connection', 'update', connection.id, '--resource', ...resources],
        apply: (asked) => withConnection(asked, connection, { resources }),
      },
    ),
  ]
}
