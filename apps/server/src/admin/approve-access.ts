// What an approved request makes true on its connection, and takes back when its time is over.
import type { AccessRequest } from '@crosswalk/admin-api'
import { findAssignment } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { Item } from '../directory/records.ts'
import { describeDecision, keepRequest, listRequests } from './access-request-records.ts'
import { type AdminContext, type Handlers, systemContext } from './context.ts'
import { countVolume } from './count-volume.ts'
import { saveObject } from './objects/save-object.ts'
import { ownedByFile } from './objects/target.ts'
import type { AdminParts } from './parts.ts'
import { buildProblem, type Problem } from './problem.ts'
import { invalidRequest } from './read-request.ts'
import { simulateExchange } from './simulated-exchange.ts'
import { keepApprovals, listHeld, removeApprovals } from './scope-approval-records.ts'
import { refuseWiderApproval } from './wider-approval.ts'

interface Approval {
  readonly request: AccessRequest
  readonly scopes?: readonly string[] | undefined
  readonly until?: string | undefined
}

export async function approve(
  parts: AdminParts,
  context: AdminContext,
  { request, scopes = request.scopes, until }: Approval,
): ReturnType<Handlers['access-requests.approve']> {
  const beyond = scopes.filter((one) => !request.scopes.includes(one))
  if (beyond.length > 0)
    return invalidRequest([{ path: '/scopes', problem: `${beyond.join(' ')} was not asked for` }])
  if (until !== undefined && Date.parse(until) <= parts.clock.nowMs())
    return invalidRequest([{ path: '/until', problem: 'is over already' }])
  const item = findConnection(parts, request)
  if (item === undefined)
    return buildProblem('conflict', {
      detail: `No connection joins ${request.app} to ${request.resourceApp}. Create one first: POST /connections.`,
    })
  const { definition } = item
  const { addedUser, addedScopes, change } = planChange(parts, definition, { user: request.user, scopes })
  const problem =
    refuseWiderApproval(parts, { request, item, change, approved: scopes }) ??
    (await changeConnection(parts, context, item, change))
  if (problem !== undefined) return problem
  const approvedScopes = listHeld(parts, definition, scopes)
  if (approvedScopes.length > 0)
    await keepApprovals(parts, context, {
      connection: definition,
      scopes: approvedScopes,
      request: request.id,
    })
  const approved: AccessRequest = {
    ...request,
    state: 'approved',
    ...describeDecision(parts, context),
    granted: {
      connection: definition.id,
      scopes: [...scopes],
      addedUser,
      addedScopes,
      ...(approvedScopes.length === 0 ? {} : { approvedScopes: [...approvedScopes] }),
      ...(until === undefined ? {} : { until }),
    },
  }
  const type = scopes.length < request.scopes.length ? 'request.narrowed' : 'request.approved'
  await keepRequest(parts, context, { request: approved, type })
  return {
    status: 200,
    body: { ...approved, check: await checkNow(parts, approved, { ...definition, ...change }) },
  }
}

function planChange(
  { directory }: AdminParts,
  definition: ConnectionDefinition,
  { user, scopes }: { readonly user: string; readonly scopes: readonly string[] },
) {
  const person = directory.current().people.get(user)
  const addedUser = person === undefined || findAssignment(definition.assignments, person) === undefined
  const addedScopes = scopes.filter((one) => !definition.scopes.includes(one))
  const change: Partial<ConnectionDefinition> = {
    ...(addedUser ? { assignments: withUser(definition, user) } : {}),
    ...(addedScopes.length > 0 ? { scopes: [...definition.scopes, ...addedScopes] } : {}),
  }
  return { addedUser, addedScopes, change }
}

function findConnection({ directory }: AdminParts, { app, resourceApp }: AccessRequest) {
  return [...directory.current().world.connections.values()].find(
    ({ definition }) => definition.app === app && definition.resourceApp === resourceApp,
  )
}

function withUser({ assignments }: ConnectionDefinition, user: string): ConnectionDefinition['assignments'] {
  return { ...assignments, users: [...assignments.users, user] }
}

/** A connection of the file stays as it is; whoever keeps the file is told what to write there. */
export async function changeConnection(
  parts: AdminParts,
  context: AdminContext,
  item: Item<ConnectionDefinition>,
  change: Partial<ConnectionDefinition>,
): Promise<Problem | undefined> {
  if (Object.keys(change).length === 0) return undefined
  const { definition, owner } = item
  if (owner === 'file') {
    const { problem } = ownedByFile(parts, 'connections', definition.id)
    return { problem: { ...problem, patch: change } }
  }
  return saveObject(
    { parts, context, collection: 'connections' },
    { definition: { ...definition, ...change }, made: new Map(), secretChanged: false },
    { verb: 'changed', item },
  )
}

async function checkNow(
  parts: AdminParts,
  { user, app, granted }: AccessRequest,
  { resourceApp, resources }: ConnectionDefinition,
) {
  const { exchange: snapshot, people, world } = parts.directory.current()
  const issuer = world['resource-apps'].get(resourceApp)?.definition.issuer
  if (snapshot === undefined || issuer === undefined)
    return { outcome: 'error', code: 'XAA1301', admin: 'The resource app is gone.' }
  const nowMs = parts.clock.nowMs()
  const { outcome, code, summary } = simulateExchange({
    input: { app, audience: issuer, resource: [...resources], scope: [...(granted?.scopes ?? [])] },
    userId: user,
    user: people.get(user),
    snapshot,
    nowMs,
    volumeLastHour: await countVolume(parts, snapshot, { app, user, nowMs }),
  })
  return { outcome, code, admin: summary.admin }
}

/** Takes back what was approved until a moment that is over now; what others still need stays. */
export async function endDueAccess(parts: AdminParts): Promise<void> {
  const requests = await listRequests(parts)
  const inForce = requests.filter(({ state }) => state === 'approved')
  const isDue = ({ granted }: AccessRequest) =>
    granted?.until !== undefined && Date.parse(granted.until) <= parts.clock.nowMs()
  for (const due of inForce.filter(isDue)) {
    const others = inForce.filter((it) => it.id !== due.id && !isDue(it))
    await parts.inTurn(() => endAccess(parts, due, others))
  }
}

const SYSTEM = systemContext('The approval was until now.')

async function endAccess(
  parts: AdminParts,
  request: AccessRequest,
  others: readonly AccessRequest[],
): Promise<void> {
  const { granted, user } = request
  const item = findConnection(parts, request)
  const same = others.filter((other) => other.granted?.connection === granted?.connection)
  const needed = new Set(same.flatMap((other) => other.granted?.scopes ?? []))
  if (granted?.approvedScopes !== undefined)
    await removeApprovals(parts, SYSTEM, {
      connection: granted.connection,
      scopes: granted.approvedScopes.filter((scope) => !needed.has(scope)),
      request: request.id,
    })
  if (granted !== undefined && item?.owner === 'database') {
    const keepsUser = !granted.addedUser || same.some((other) => other.user === user)
    const { assignments, scopes } = item.definition
    const problem = await changeConnection(parts, SYSTEM, item, {
      assignments: keepsUser
        ? assignments
        : { ...assignments, users: assignments.users.filter((one) => one !== user) },
      scopes: scopes.filter((one) => !granted.addedScopes.includes(one) || needed.has(one)),
    })
    if (problem !== undefined) throw new Error(problem.problem.detail ?? problem.problem.title)
  }
  await keepRequest(parts, SYSTEM, { request: { ...request, state: 'ended' }, type: 'request.ended' })
}
