// For each check that failed, the smallest changes that could cure it. Whether one does is found by evaluating again.
import type { Check, DecisionRecord, XaaCode } from '@crosswalk/protocol'

import type { Connection } from '../exchange-snapshot.ts'
import {
  addUser,
  type Change,
  type Question,
  withApp,
  withConnection,
  withFacts,
  withRequest,
  withResourceApp,
} from './change.ts'

interface Situation {
  readonly question: Question
  readonly record: DecisionRecord
  readonly check: Check
  readonly connection: Connection | undefined
  readonly userId: string
  /** What sentences call the person */
  readonly who: string
}

/** At most so many alternatives of one kind; more would not help anybody choose. */
const MOST_ALTERNATIVES = 5

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
  'target.audience': useExactAudience,
  'target.resource': nameResource,
  'target.active': activateResourceApp,
  'connection.active': activateConnection,
  'connection.period': openPeriod,
  'connection.resource': reachResource,
  'people.active': activateUser,
  'people.app_assignment': (situation) => [...assignToApp(situation), ...joinGroups(situation)],
  'people.resource_app_assignment': (situation) => [
    ...assignToResourceApp(situation),
    ...joinGroups(situation),
  ],
  'people.connection': (situation) => [...assignToConnection(situation), ...joinGroups(situation)],
  blocks: endBlock,
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
      api: `PATCH /apps/${app} {"active": true}`,
      apply: (question) => withApp(question, app, { active: true }),
    },
  ]
}

function useExactAudience({ check }: Situation): readonly Change[] {
  const code: XaaCode = 'XAA1302'
  const { expected } = check
  if (check.code !== code || typeof expected !== 'string') return []
  return [
    {
      id: `audience ${expected}`,
      owner: 'developer',
      text: `Send the audience exactly as registered: ${expected}`,
      apply: (question) => withRequest(question, { audience: [expected] }),
    },
  ]
}

function nameResource({ question, check, record }: Situation): readonly Change[] {
  if (check.code !== 'XAA1305' && check.code !== 'XAA1303') return []
  return record.resolution.candidates
    .flatMap((id) => question.snapshot.resourceApps.get(id)?.resources ?? [])
    .slice(0, MOST_ALTERNATIVES)
    .map(({ id }) => ({
      id: `resource ${id}`,
      owner: 'developer',
      text: `Ask for the resource ${id}`,
      apply: (asked) => withRequest(asked, { resource: [id] }),
    }))
}

function activateResourceApp({ record }: Situation): readonly Change[] {
  const id = record.resolution.resource_app
  if (id === undefined) return []
  return [
    {
      id: `activate resource app ${id}`,
      owner: 'administrator',
      text: `Enable the resource app ${id}.`,
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
        cli: `crosswalk connection resume ${id}`,
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
      api: `PATCH /connections/${connection.id} ${JSON.stringify({ resources })}`,
      apply: (asked) => withConnection(asked, connection, { resources }),
    },
  ]
}

function activateUser({ question, userId, who }: Situation): readonly Change[] {
  const { user } = question.facts
  if (user === undefined) return []
  const blockId = `user:${userId}`
  const suspended = question.snapshot.blocks.some(({ id }) => id === blockId)
  return [
    {
      id: `activate user ${userId}`,
      owner: 'administrator',
      text: suspended ? `Resume ${who}.` : `Enable ${who}.`,
      ...(suspended
        ? { cli: `crosswalk user resume ${userId}`, api: `POST /users/${userId}/resume` }
        : { api: `PATCH /users/${userId} {"active": true}` }),
      apply: (asked) => ({
        facts: { ...asked.facts, user: { ...user, ...asked.facts.user, active: true } },
        snapshot: {
          ...asked.snapshot,
          blocks: asked.snapshot.blocks.filter(({ id }) => id !== blockId),
        },
      }),
    },
  ]
}

function assignToApp({ question, record, userId, who }: Situation): readonly Change[] {
  const app = question.snapshot.apps.get(record.request.requesting_app?.id ?? '')
  if (app === undefined) return []
  return [
    {
      id: `assign ${userId} to app ${app.id}`,
      owner: 'administrator',
      text: `Assign ${who} to ${app.name}.`,
      api: `PATCH /apps/${app.id} ${describeUsers(addUser(app.assignments, userId))}`,
      apply: (asked) => withApp(asked, app.id, { assignments: addUser(app.assignments, userId) }),
    },
  ]
}

function assignToResourceApp({ question, record, userId, who }: Situation): readonly Change[] {
  const target = question.snapshot.resourceApps.get(record.resolution.resource_app ?? '')
  if (target === undefined) return []
  const assignments = addUser(target.assignments, userId)
  return [
    {
      id: `assign ${userId} to resource app ${target.id}`,
      owner: 'administrator',
      text: `Assign ${who} to ${target.name}.`,
      api: `PATCH /resource-apps/${target.id} ${describeUsers(assignments)}`,
      apply: (asked) => withResourceApp(asked, target.id, { assignments }),
    },
  ]
}

function assignToConnection({ connection, userId, who }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const assignments = addUser(connection.assignments, userId)
  return [
    {
      id: `assign ${userId} to connection ${connection.id}`,
      owner: 'administrator',
      text: `Add ${who} to the connection ${connection.id}.`,
      cli: `crosswalk connection assign ${connection.id} --user ${userId}`,
      api: `PATCH /connections/${connection.id} ${describeUsers(assignments)}`,
      apply: (asked) => withConnection(asked, connection, { assignments }),
    },
  ]
}

function describeUsers({ users }: { readonly users: readonly string[] }): string {
  return JSON.stringify({ assignments: { users } })
}

/** One group may cure several assignments at once. */
function joinGroups({ question, record, connection, userId, who }: Situation): readonly Change[] {
  const { snapshot, facts } = question
  const { user } = facts
  if (user === undefined) return []
  const named = [
    snapshot.apps.get(record.request.requesting_app?.id ?? '')?.assignments,
    snapshot.resourceApps.get(record.resolution.resource_app ?? '')?.assignments,
    connection?.assignments,
  ].flatMap((assignments) => assignments?.groups ?? [])
  return [...new Set(named)].slice(0, MOST_ALTERNATIVES).map((group) => ({
    id: `group ${group}`,
    owner: 'administrator',
    text: `Add ${who} to the group ${group}.`,
    api: `PATCH /users/${userId} ${JSON.stringify({ groups: [...user.groups, group] })}`,
    apply: (asked) =>
      withFacts(asked, {
        user: { ...user, ...asked.facts.user, groups: [...(asked.facts.user ?? user).groups, group] },
      }),
  }))
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

/** Asking for what the connection has, or letting it have what was asked for. */
function askWithin({ question, record, connection }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const target = question.snapshot.resourceApps.get(connection.resourceApp)
  const known = new Set(target?.resources.flatMap(({ scopes }) => scopes) ?? [])
  const added = record.request.scope.filter((one) => known.has(one) && !connection.scopes.includes(one))
  const scopes = [...connection.scopes, ...added]
  return [
    ...(connection.scopes.length === 0 ? [] : [askFor(connection.scopes)]),
    ...(added.length === 0
      ? []
      : [
          {
            id: `scopes ${connection.id}`,
            owner: 'administrator',
            text: `Add ${added.join(' ')} to the connection ${connection.id}.`,
            api: `PATCH /connections/${connection.id} ${JSON.stringify({ scopes })}`,
            apply: (asked) => withConnection(asked, connection, { scopes }),
          } satisfies Change,
        ]),
  ]
}

/** Without one of the scopes each, where a rule may be about that one. */
function askForLess({ record, connection }: Situation): readonly Change[] {
  const asked = record.request.scope.length > 0 ? record.request.scope : (connection?.scopes ?? [])
  if (asked.length < 2) return []
  return asked.slice(0, MOST_ALTERNATIVES).map((one) => askFor(asked.filter((other) => other !== one)))
}

function askFor(scopes: readonly string[]): Change {
  const scope = scopes.join(' ')
  return {
    id: `scope ${scope}`,
    owner: 'developer',
    text: `Ask for ${scope} only.`,
    apply: (asked) => withRequest(asked, { scope }),
  }
}

function proveKey(): readonly Change[] {
  return [
    {
      id: 'dpop',
      owner: 'developer',
      text: 'Send a DPoP proof.',
      apply: (asked) => withFacts(asked, { dpop: { state: 'proved', jkt: 'of-the-key-of-the-proof' } }),
    },
  ]
}

function signInAgain({ question, record, userId }: Situation): readonly Change[] {
  if (record.code !== 'XAA1801') return []
  const [acr] = record.wire.acr_values?.split(' ') ?? []
  const authTime = Math.floor(question.facts.nowMs / 1000)
  const signIn = { userId, authTime, ...(acr === undefined ? {} : { acr }) }
  return [
    {
      id: 'sign in again',
      owner: 'user',
      text: acr === undefined ? 'Sign in again.' : `Sign in again with ${acr}.`,
      apply: (asked) => withFacts(asked, { subject: { kind: 'assumed', signIn } }),
    },
  ]
}
