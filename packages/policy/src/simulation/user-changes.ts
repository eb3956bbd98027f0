// Changes to users: activation and assignments.
import { renderApiCall } from './api-call.ts'
import {
  addUser,
  type Change,
  editDefinition,
  type Situation,
  withApp,
  withConnection,
  withResourceApp,
} from './change.ts'
import { buildCommand } from './command-line.ts'

export function activateUser(situation: Situation): readonly Change[] {
  const { question, userId, who } = situation
  const { user } = question.facts
  if (user === undefined) return []
  const blockId = `user:${userId}`
  const apply: Change['apply'] = (asked) => ({
    facts: { ...asked.facts, user: { ...user, ...asked.facts.user, active: true } },
    snapshot: { ...asked.snapshot, blocks: asked.snapshot.blocks.filter(({ id }) => id !== blockId) },
  })
  const id = `activate user ${userId}`
  if (question.snapshot.blocks.some((block) => block.id === blockId))
    return [
      {
        ...{ id, apply, owner: 'administrator', text: `Resume ${who}.` },
        cli: buildCommand('user', 'resume', userId),
        api: renderApiCall('POST', ['users', userId, 'resume']),
      },
    ]
  return [
    editDefinition(
      { collection: 'users', id: userId, patch: { active: true } },
      { id, apply, text: `Enable ${who}.`, words: ['user', 'update', userId, '--active'] },
    ),
  ]
}

export function assignToApp({ question, record, userId, who }: Situation): readonly Change[] {
  const app = question.snapshot.apps.get(record.request.requesting_app?.id ?? '')
  if (app === undefined) return []
  const assignments = addUser(app.assignments, userId)
  return [
    editDefinition(
      { collection: 'apps', id: app.id, patch: { assignments: { users: assignments.users } } },
      {
        id: `assign ${userId} to app ${app.id}`,
        text: `Assign ${who} to ${app.name}.`,
        words: ['app', 'assign', app.id, '--user', userId],
        apply: (asked) => withApp(asked, app.id, { assignments }),
      },
    ),
  ]
}

export function assignToResourceApp({ question, record, userId, who }: Situation): readonly Change[] {
  const target = question.snapshot.resourceApps.get(record.resolution.resource_app ?? '')
  if (target === undefined) return []
  const assignments = addUser(target.assignments, userId)
  return [
    editDefinition(
      { collection: 'resource-apps', id: target.id, patch: { assignments: { users: assignments.users } } },
      {
        id: `assign ${userId} to resource app ${target.id}`,
        text: `Assign ${who} to ${target.name}.`,
        words: ['resource', 'assign', target.id, '--user', userId],
        apply: (asked) => withResourceApp(asked, target.id, { assignments }),
      },
    ),
  ]
}

export function assignToConnection({
  connection,
  connectionName,
  userId,
  who,
}: Situation): readonly Change[] {
  if (connection === undefined) return []
  const assignments = addUser(connection.assignments, userId)
  return [
    editDefinition(
      { collection: 'connections', id: connection.id, patch: { assignments: { users: assignments.users } } },
      {
        id: `assign ${userId} to connection ${connection.id}`,
        text: `Add ${who} to the connection ${connectionName}.`,
        words: ['connection', 'assign', connection.id, '--user', userId],
        apply: (asked) => withConnection(asked, connection, { assignments }),
      },
    ),
  ]
}
