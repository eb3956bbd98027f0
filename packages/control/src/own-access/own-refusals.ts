// A refusal as its user may see it: a plain sentence and a contact, never the text of a rule. Refusals of other users
// appear not to exist.
import type { OwnRefusal } from '@crosswalk/idp'
import { type DecisionRecord } from '@crosswalk/protocol'

import { definitionsOf } from '../definitions/records.ts'
import { listRequestsOf } from '../approvals/access-request-records.ts'
import { evaluateAgain } from '../simulate/explain.ts'
import { nameApp, nameResourceApp } from '../definitions/name-objects.ts'
import type { Parts } from '../parts.ts'
import { describeScopes } from './describe-scopes.ts'
import { nameOwners } from './name-owners.ts'

/** Refusals that an approval may resolve: connection, assignment, scope, rule. */
const ASKABLE = /^XAA1(?:[4-7]\d\d|802)$/
const REFUSED: ReadonlySet<string | undefined> = new Set(['deny', 'pending'])

export interface Refused {
  readonly shown: Omit<OwnRefusal, 'periods'>
  readonly app: string
  readonly resourceApp: string | undefined
}

export async function findRefused(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  userId: string,
  decisionId: string,
): Promise<Refused | undefined> {
  const record = (await parts.storage.events.findByDecision(decisionId)).at(-1)?.event.decision
  const app = record?.request.requesting_app?.id
  if (
    record === undefined ||
    !REFUSED.has(record.outcome) ||
    record.request.subject?.ref !== userId ||
    app === undefined
  )
    return undefined
  const { resource_app: resourceApp } = record.resolution
  const scopes = listAskable(parts, record)
  const { world } = parts.directory.current()
  const now = await evaluateAgain(parts, [record])
  return {
    app,
    resourceApp,
    shown: {
      decisionId,
      time: Date.parse(record.time),
      app: nameApp({ world }, app),
      resourceApp: resourceApp && nameResourceApp({ world }, resourceApp),
      sentence: record.summary.user,
      owners: await nameOwners(parts, app),
      scopes: resourceApp === undefined ? [] : describeScopes(parts, resourceApp, scopes),
      allowedNow: now?.outcome === 'allow',
      openRequest: await findOpenRequest(parts, { userId, app, resourceApp }),
    },
  }
}

/** Denials per app and user to search; enough for several resources. */
const MAX_READ = 100

/** @returns the id of the newest decision that denied this app access for this user to the resource */
export async function findLastRefused(
  { storage }: Parts<'storage'>,
  userId: string,
  { app, resource }: { readonly app: string; readonly resource: string | undefined },
): Promise<string | undefined> {
  const { items } = await storage.events.list({
    user: userId,
    app,
    types: ['idjag.denied'],
    limit: MAX_READ,
  })
  const found = items.find(
    ({ event: { decision } }) =>
      decision !== undefined &&
      REFUSED.has(decision.outcome) &&
      (resource === undefined || decision.request.resource?.includes(resource)),
  )
  return found?.event.decision?.decision_id
}

/** The requested scopes, or all of the connection if none were requested. */
function listAskable(
  { directory }: Parts<'directory'>,
  { code, request, resolution }: DecisionRecord,
): readonly string[] {
  const { resource_app: resourceApp } = resolution
  if (!ASKABLE.test(code) || resourceApp === undefined) return []
  const { world } = directory.current()
  const connections = definitionsOf(world.connections)
  const connection = connections.find(
    (it) => it.app === request.requesting_app?.id && it.resourceApp === resourceApp,
  )
  // It could not be approved: an approval extends an existing connection.
  if (connection === undefined || connection.status !== 'active') return []
  const known = world['resource-apps'].get(resourceApp)?.definition.resources.flatMap((it) => it.scopes) ?? []
  const asked = request.scope.length > 0 ? request.scope : connection.scopes
  return [...new Set(asked)].filter((scope) => known.length === 0 || known.includes(scope))
}

async function findOpenRequest(
  parts: Parts<'storage'>,
  about: { readonly userId: string; readonly app: string; readonly resourceApp: string | undefined },
): Promise<OwnRefusal['openRequest']> {
  const open = (await listRequestsOf(parts, about.userId)).find(
    (it) =>
      it.state === 'open' &&
      it.askedBy === about.userId &&
      it.app === about.app &&
      it.resourceApp === about.resourceApp,
  )
  return open === undefined ? undefined : { id: open.id, askedAt: Date.parse(open.askedAt) }
}
