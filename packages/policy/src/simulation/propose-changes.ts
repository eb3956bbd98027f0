// For each check that failed, the smallest changes that could cure it. Whether one does is found by evaluating again.
import type { DecisionRecord } from '@crosswalk/protocol'

import {
  type Change,
  type Question,
  type Situation,
  withApp,
  withConnection,
  withResourceApp,
} from './change.ts'
import { tellCommand } from './command-line.ts'
import {
  activateUser,
  assignToApp,
  assignToConnection,
  assignToResourceApp,
  joinGroups,
} from './people-changes.ts'
import {
  askForLess,
  askWithin,
  nameResource,
  proveKey,
  renewToken,
  signInAgain,
  useExactAudience,
  waitForWindow,
} from './request-changes.ts'

/** @returns the changes worth trying, most telling first */
export function proposeChanges(question: Question, record: DecisionRecord): readonly Change[] {
  const failed = record.checks.filter(({ result }) => result === 'fail')
  const connection = [...question.snapshot.connections.values()].find(
    ({ id }) => id === record.resolution.connection,
  )
  const userId = record.request.subject?.ref ?? ''
  const who = question.facts.user?.name ?? question.facts.user?.username ?? userId
  return failed.flatMap(
    (check) => PROPOSALS[check.id]?.({ question, record, check, connection, userId, who }) ?? [],
  )
}

const PROPOSALS: Readonly<Record<string, (situation: Situation) => readonly Change[]>> = {
  'client.active': activateApp,
  'subject_token.age': renewToken,
  'target.audience': useExactAudience,
  'target.resource': nameResource,
  'target.active': activateResourceApp,
  'connection.active': activateConnection,
  'connection.period': openPeriod,
  'connection.window': (situation) => [...waitForWindow(situation), ...dropWindow(situation)],
  'connection.resource': reachResource,
  'people.active': activateUser,
  'people.app_assignment': (situation) => [...assignToApp(situation), ...joinGroups(situation)],
  'people.resource_app_assignment': (situation) => [
    ...assignToResourceApp(situation),
    ...joinGroups(situation),
  ],
  'people.connection': (situation) => [...assignToConnection(situation), ...joinGroups(situation)],
  blocks: endBlock,
  'scope.approval': approveScopes,
  'scope.granted': askWithin,
  'policy.rules': askForLess,
  'dpop.required': proveKey,
  stepup: (situation) => [...signInAgain(situation), ...askForLess(situation)],
}

function activateApp({ record }: Situation): readonly Change[] {
  const app = record.request.requesting_app?.id
  if (app === undefined) return []
  return [
    {
      id: `activate app ${app}`,
      owner: 'administrator',
      text: `Enable the app ${app}.`,
      cli: tellCommand('app', 'update', app, '--active'),
      api: `PATCH /apps/${app} {"active": true}`,
      apply: (question) => withApp(question, app, { active: true }),
    },
  ]
}

function activateResourceApp({ record }: Situation): readonly Change[] {
  const id = record.resolution.resource_app
  if (id === undefined) return []
  return [
    {
      id: `activate resource app ${id}`,
      owner: 'administrator',
      text: `Enable the resource app ${id}.`,
      cli: tellCommand('resource', 'update', id, '--active'),
      api: `PATCH /resource-apps/${id} {"active": true}`,
      apply: (question) => withResourceApp(question, id, { active: true }),
    },
  ]
}

function activateConnection({ question, connection }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const { id } = connection
  if (question.snapshot.holds.has(id)) {
    return [
      {
        id: `resume connection ${id}`,
        owner: 'administrator',
        text: `Resume the connection ${id}.`,
        cli: tellCommand('connection', 'resume', id),
        api: `POST /connections/${id}/resume`,
        apply({ facts, snapshot }) {
          const holds = new Map(snapshot.holds)
          holds.delete(id)
          return { facts, snapshot: { ...snapshot, holds } }
        },
      },
    ]
  }
  return [
    {
      id: `activate connection ${id}`,
      owner: 'administrator',
      text: `Make the connection ${id} active.`,
      cli: tellCommand('connection', 'update', id, '--status', 'active'),
      api: `PATCH /connections/${id} {"status": "active"}`,
      apply: (asked) => withConnection(asked, connection, { status: 'active' }),
    },
  ]
}

function openPeriod({ connection }: Situation): readonly Change[] {
  if (connection === undefined) return []
  return [
    {
      id: `open period ${connection.id}`,
      owner: 'administrator',
      text: `Move the period of the connection ${connection.id} so that it covers this moment.`,
      api: `PATCH /connections/${connection.id}`,
      apply: (asked) => withConnection(asked, connection, { startsAt: undefined, endsAt: undefined }),
    },
  ]
}

function dropWindow({ connection }: Situation): readonly Change[] {
  if (connection === undefined) return []
  return [
    {
      id: `drop window ${connection.id}`,
      owner: 'administrator',
      text: `Change the time window of the connection ${connection.id} so that it covers this moment, or remove it.`,
      api: `PATCH /connections/${connection.id} {"conditions": {"window": null}}`,
      apply: (asked) => withConnection(asked, connection, { window: undefined }),
    },
  ]
}

function approveScopes({ record, connection }: Situation): readonly Change[] {
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
      text: `Approve ${scopes.join(' ')} for the connection ${connection.id}.`,
      cli: tellCommand('connection', 'approve', connection.id, '--scope', ...scopes),
      api: `POST /connections/${connection.id}/approve-scopes ${JSON.stringify({ scopes, reason: '…' })}`,
      apply: (asked) => withConnection(asked, connection, { approvals }),
    },
  ]
}

function reachResource({ record, connection }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const missing = record.request.resource.filter((id) => !connection.resources.includes(id))
  if (missing.length === 0) return []
  const resources = [...connection.resources, ...missing]
  return [
    {
      id: `resources ${connection.id}`,
      owner: 'administrator',
      text: `Let the connection ${connection.id} reach ${missing.join(', ')}`,
      cli: tellCommand('connection', 'update', connection.id, '--resource', ...resources),
      api: `PATCH /connections/${connection.id} ${JSON.stringify({ resources })}`,
      apply: (asked) => withConnection(asked, connection, { resources }),
    },
  ]
}

function endBlock({ check }: Situation): readonly Change[] {
  const id = check.ref
  // A suspended person or app is resumed, which is proposed where it is found inactive.
  if (id === undefined || /^(?:user|app):/.test(id))
    return id?.startsWith('app:') === true ? resumeApp(id) : []
  return [
    {
      id: `end block ${id}`,
      owner: 'administrator',
      text: `End the block ${id}.`,
      cli: tellCommand('block', 'end', id),
      api: `DELETE /blocks/${id}`,
      apply: ({ facts, snapshot }) => ({
        facts,
        snapshot: { ...snapshot, blocks: snapshot.blocks.filter((block) => block.id !== id) },
      }),
    },
  ]
}

function resumeApp(blockId: string): readonly Change[] {
  const app = blockId.slice('app:'.length)
  return [
    {
      id: `resume app ${app}`,
      owner: 'administrator',
      text: `Resume the app ${app}.`,
      cli: tellCommand('app', 'resume', app),
      api: `POST /apps/${app}/resume`,
      apply: (asked) => {
        const { facts, snapshot } = withApp(asked, app, { active: true })
        return {
          facts,
          snapshot: { ...snapshot, blocks: snapshot.blocks.filter(({ id }) => id !== blockId) },
        }
      },
    },
  ]
}
