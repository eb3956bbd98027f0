// Changes to users: activation and assignments.
import { renderApiCall } from './api-call.ts'
import {
  addUser,
  type Change,
  editDefinition,
  type Question,
  type Situation,
  withApp,
  withConnection,
  withFacts,
  withoutBlock,
  withResourceApp,
} from './change.ts'
import { buildCommand } from './command-line.ts'

export function activateUser(situation: Situation): readonly Change[] {
  const { question, userId, who } = situation
  const { user } = question.facts
  if (user === undefined) return []
  const blockId = `user:${userId}`
  const withActive = (asked: Question, active: boolean) =>
    withFacts(asked, { user: { ...user, ...asked.facts.user, active } })
  if (question.snapshot.blocks.some((block) => block.id === blockId))
    return [
      {
        id: `resume user ${userId}`,
        owner: 'administrator',
        text: `Resume ${who}.`,
        cli: buildCommand('user', 'resume', userId),
        api: renderApiCall('POST', ['users', userId, 'resume']),
        apply: (asked) => withActive(withoutBlock(asked, blockId), user.disabled !== true),
      },
    ]
  return [
    editDefinition(
      { collection: 'users', id: userId, patch: { active: true } },
      {
        id: `activate user ${userId}`,
        text: `Enable ${who}.`,
        words: ['user', 'update', userId, '--active'],
        apply: (asked) => withActive(asked, true),
      },
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
