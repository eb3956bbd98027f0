// For each failed check, the smallest changes that might fix it. Evaluating again shows whether they do.
import type { CheckName, DecisionRecord } from '@crosswalk/protocol'

import { hasActiveOwner } from '../owners.ts'
import { renderApiCall } from './api-call.ts'
import { delegateScopes, takeAccessTokens } from './chain-changes.ts'
import {
  nameConnection,
  type Change,
  editDefinition,
  type Question,
  type Situation,
  withApp,
  withoutBlock,
  withResourceApp,
} from './change.ts'
import { buildCommand } from './command-line.ts'
import {
  activateConnection,
  approveScopes,
  dropWindow,
  openPeriod,
  reachResource,
} from './connection-changes.ts'
import { grantAccess } from './grant-changes.ts'
import { activateUser, assignToApp, assignToConnection, assignToResourceApp } from './user-changes.ts'
import {
  dropEachScope,
  askWithin,
  nameResource,
  proveKey,
  renewToken,
  signInAgain,
  useExactAudience,
  waitForWindow,
} from './request-changes.ts'

/** @returns the changes worth trying, most relevant first */
export function proposeChanges(question: Question, record: DecisionRecord): readonly Change[] {
  const failed = record.checks.filter(({ result }) => result === 'fail')
  const connection = [...question.snapshot.connections.values()].find(
    ({ id }) => id === record.resolution.connection,
  )
  const userId = record.request.subject?.ref ?? ''
  const who = question.facts.user?.name ?? question.facts.user?.username ?? userId
  const connectionName = connection === undefined ? '' : nameConnection(connection, question.snapshot)
  return failed.flatMap(
    (check) =>
      PROPOSALS[check.id as CheckName]?.({
        question,
        record,
        check,
        connection,
        connectionName,
        userId,
        who,
      }) ?? [],
  )
}

const PROPOSALS: Readonly<Partial<Record<CheckName, (situation: Situation) => readonly Change[]>>> = {
  'client.active': activateApp,
  'subject_token.age': renewToken,
  'subject_token.chain': reviveHop,
  'target.audience': useExactAudience,
  'target.resource': nameResource,
  'target.active': activateResourceApp,
  'connection.active': activateConnection,
  'connection.period': openPeriod,
  'connection.window': (situation) => [...waitForWindow(situation), ...dropWindow(situation)],
  'connection.resource': reachResource,
  'connection.delegation': takeAccessTokens,
  'people.active': activateUser,
  'people.app_assignment': assignToApp,
  // Changes that affect only this user come first.
  'people.resource_app_assignment': (situation) => [
    ...grantAccess(situation),
    ...assignToResourceApp(situation),
  ],
  'people.connection': (situation) => [...grantAccess(situation), ...assignToConnection(situation)],
  blocks: liftBlock,
  'scope.approval': (situation) => [...grantAccess(situation), ...approveScopes(situation)],
  'scope.granted': (situation) =>
    situation.check.code === 'XAA1607' ? delegateScopes(situation) : askWithin(situation),
  'policy.rules': (situation) => [...nameOwner(situation), ...dropEachScope(situation)],
  'dpop.required': proveKey,
  stepup: (situation) => [...signInAgain(situation), ...dropEachScope(situation)],
}

function activateApp({ record }: Situation): readonly Change[] {
  const app = record.request.requesting_app?.id
  return app === undefined ? [] : enableApp(app)
}

/** Restores an earlier hop with the changes that would be proposed for its own app. */
function reviveHop(situation: Situation): readonly Change[] {
  const { question, check } = situation
  const { apps, resourceApps, connections } = question.snapshot
  const id = check.ref ?? ''
  const connection = [...connections.values()].find((one) => one.id === id)
  if (connection !== undefined) {
    const hop = { ...situation, connection }
    return [...activateConnection(hop), ...openPeriod(hop), ...dropWindow(hop)]
  }
  if (apps.has(id)) return enableApp(id)
  return resourceApps.has(id) ? enableResourceApp(id) : liftBlock(situation)
}

/** Names no user, because an owner must agree to be responsible. */
function nameOwner({ question: { snapshot }, record }: Situation): readonly Change[] {
  const app = snapshot.apps.get(record.request.requesting_app?.id ?? '')
  if (app === undefined || hasActiveOwner(app, snapshot) !== false) return []
  const owner = 'the-new-owner'
  return [
    {
      id: `owner of ${app.id}`,
      owner: 'administrator',
      text: `Name an active user as owner of ${app.name}.`,
      apply(asked) {
        const { facts, snapshot: owned } = withApp(asked, app.id, { owners: [...app.owners, owner] })
        return { facts, snapshot: { ...owned, activeOwners: new Set(owned.activeOwners).add(owner) } }
      },
    },
  ]
}

function enableApp(app: string): readonly Change[] {
  return [
    editDefinition(
      { collection: 'apps', id: app, patch: { active: true } },
      {
        id: `activate app ${app}`,
        text: `Enable the app ${app}.`,
        words: ['app', 'update', app, '--active'],
        apply: (question) => withApp(question, app, { active: true, disabled: false }),
      },
    ),
  ]
}

function activateResourceApp({ record }: Situation): readonly Change[] {
  const id = record.resolution.resource_app
  return id === undefined ? [] : enableResourceApp(id)
}

function enableResourceApp(id: string): readonly Change[] {
  return [
    editDefinition(
      { collection: 'resource-apps', id, patch: { active: true } },
      {
        id: `activate resource app ${id}`,
        text: `Enable the resource app ${id}.`,
        words: ['resource', 'update', id, '--active'],
        apply: (question) => withResourceApp(question, id, { active: true }),
      },
    ),
  ]
}

function liftBlock({ check }: Situation): readonly Change[] {
  const id = check.ref
  // Suspended users and apps have their own remedy, proposed by the check of whether they are active.
  if (id === undefined || /^(?:user|app):/.test(id))
    return id?.startsWith('app:') === true ? resumeApp(id) : []
  return [
    {
      id: `lift block ${id}`,
      owner: 'administrator',
      text: `Lift the block ${id}.`,
      cli: buildCommand('block', 'lift', id),
      api: renderApiCall('DELETE', ['blocks', id]),
      apply: (question) => withoutBlock(question, id),
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
      cli: buildCommand('app', 'resume', app),
      api: renderApiCall('POST', ['apps', app, 'resume']),
      apply(asked) {
        const active = asked.snapshot.apps.get(app)?.disabled !== true
        return withApp(withoutBlock(asked, blockId), app, { active })
      },
    },
  ]
}
