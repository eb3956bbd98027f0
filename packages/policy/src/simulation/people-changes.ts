// Changes of people: who is active, assigned, and in which group.
import {
  addUser,
  type Change,
  MOST_ALTERNATIVES,
  type Situation,
  withApp,
  withConnection,
  withFacts,
  withResourceApp,
} from './change.ts'
import { tellCommand } from './command-line.ts'

export function activateUser({ question, userId, who }: Situation): readonly Change[] {
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
        ? {
            cli: tellCommand('user', 'resume', userId),
            api: `POST /users/${userId}/resume`,
          }
        : {
            cli: tellCommand('user', 'update', userId, '--active'),
            api: `PATCH /users/${userId} {"active": true}`,
          }),
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

export function assignToApp({ question, record, userId, who }: Situation): readonly Change[] {
  const app = question.snapshot.apps.get(record.request.requesting_app?.id ?? '')
  if (app === undefined) return []
  return [
    {
      id: `assign ${userId} to app ${app.id}`,
      owner: 'administrator',
      text: `Assign ${who} to ${app.name}.`,
      cli: tellCommand('app', 'assign', app.id, '--user', userId),
      api: `PATCH /apps/${app.id} ${describeUsers(addUser(app.assignments, userId))}`,
      apply: (asked) => withApp(asked, app.id, { assignments: addUser(app.assignments, userId) }),
    },
  ]
}

export function assignToResourceApp({ question, record, userId, who }: Situation): readonly Change[] {
  const target = question.snapshot.resourceApps.get(record.resolution.resource_app ?? '')
  if (target === undefined) return []
  const assignments = addUser(target.assignments, userId)
  return [
    {
      id: `assign ${userId} to resource app ${target.id}`,
      owner: 'administrator',
      text: `Assign ${who} to ${target.name}.`,
      cli: tellCommand('resource', 'assign', target.id, '--user', userId),
      api: `PATCH /resource-apps/${target.id} ${describeUsers(assignments)}`,
      apply: (asked) => withResourceApp(asked, target.id, { assignments }),
    },
  ]
}

export function assignToConnection({ connection, userId, who }: Situation): readonly Change[] {
  if (connection === undefined) return []
  const assignments = addUser(connection.assignments, userId)
  return [
    {
      id: `assign ${userId} to connection ${connection.id}`,
      owner: 'administrator',
      text: `Add ${who} to the connection ${connection.id}.`,
      cli: tellCommand('connection', 'assign', connection.id, '--user', userId),
      api: `PATCH /connections/${connection.id} ${describeUsers(assignments)}`,
      apply: (asked) => withConnection(asked, connection, { assignments }),
    },
  ]
}

function describeUsers({ users }: { readonly users: readonly string[] }): string {
  return JSON.stringify({ assignments: { users } })
}

/** One group may cure several assignments at once. */
export function joinGroups({ question, record, connection, userId, who }: Situation): readonly Change[] {
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
    cli: tellCommand('user', 'update', userId, '--group', ...user.groups, group),
    api: `PATCH /users/${userId} ${JSON.stringify({ groups: [...user.groups, group] })}`,
    apply: (asked) =>
      withFacts(asked, {
        user: { ...user, ...asked.facts.user, groups: [...(asked.facts.user ?? user).groups, group] },
      }),
  }))
}
