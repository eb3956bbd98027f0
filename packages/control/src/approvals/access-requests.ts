// Access requests: create, list, approve, decline. An approval creates an access grant.
import {
  type AccessRequest,
  type accessRequestRoutes,
  type DeciderChange,
  ROUTES,
  zAccessRequest,
} from '@crosswalk/admin-api'
import { newId } from '@crosswalk/as-core'

import {
  COLLECTION,
  describeDecision,
  findStoredRequest,
  storeRequest,
  type StoredRequest,
} from './access-request-records.ts'
import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import { approve } from './approve-access.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { checkIfSent } from '../http/etag.ts'
import { listPage, readIds, sortByTime } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { conflict, forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import { findOwnRequest } from './own-interest.ts'
import { isInScope, outsideScope } from '../http/scope.ts'
import { findSecondAccount, renderDeciderChange } from './second-account.ts'
import { describeHeld } from './scope-approval-records.ts'
import { findUnknownScopes } from './unknown-scopes.ts'

export function createAccessRequestHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'inTurn'>,
): Pick<Handlers, keyof typeof accessRequestRoutes> {
  return {
    async 'access-requests.list'({ query }, context) {
      const stored = await parts.storage.objects.list(COLLECTION)
      const requests = sortByTime(
        stored.map(({ body }) => body as AccessRequest),
        ({ askedAt }) => askedAt,
      )
      const ids = readIds(query)
      return listPage([...requests.keys()], query, async (key) => {
        const request = requests.get(key)
        if (request === undefined || !isInScope(context.caller, 'connections', request)) return undefined
        if (ids?.includes(request.id) === false) return undefined
        if (query.state !== undefined && request.state !== query.state) return undefined
        if (query.mine === true && !(await waitsFor(parts, request, context))) return undefined
        // Parse only what is returned: requests are kept permanently, and most were decided long ago.
        return withHeld(parts, zAccessRequest.parse(request))
      })
    },
    async 'access-requests.read'({ params: { id } }, context) {
      const found = await findRequest(parts, id, context)
      return isProblem(found) ? found : { status: 200, body: withHeld(parts, found.request) }
    },
    'access-requests.create': ({ body }, context) => parts.inTurn(() => ask(parts, body, context)),
    'access-requests.approve': ({ params: { id }, body }, context) =>
      parts.inTurn(async () => {
        const found = await findUndecided(parts, id, context)
        return isProblem(found) ? found : approve(parts, context, { ...found, ...body })
      }),
    'access-requests.decline': ({ params: { id } }, context) =>
      parts.inTurn(async () => {
        const found = await findUndecided(parts, id, context)
        if (isProblem(found)) return found
        const { request, revision } = found
        const declined: AccessRequest = { ...request, state: 'declined', ...describeDecision(parts, context) }
        const change = { request: declined, revision, type: 'request.denied' }
        return (await storeRequest(parts, context, change)) ?? { status: 200, body: declined }
      }),
  }
}

/** Approvers must see what a scope means. */
function withHeld(parts: Parts<'directory'>, request: AccessRequest) {
  const held = request.state === 'open' ? describeHeld(parts, request, request.scopes) : []
  return held.length === 0 ? request : { ...request, held: [...held] }
}

async function findRequest(
  parts: Parts<'storage'>,
  id: string,
  { caller }: AdminContext,
): Promise<StoredRequest | Problem> {
  const kept = await findStoredRequest(parts, id)
  if (kept !== undefined && isInScope(caller, 'connections', kept.request)) return kept
  return notFound(`There is no request ${id}.`)
}

async function findUndecided(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  id: string,
  context: AdminContext,
): Promise<StoredRequest | Problem> {
  const found = await findRequest(parts, id, context)
  if (isProblem(found)) return found
  const { request } = found
  // As read: a decision about a scope that has changed its meaning since is stale.
  const stale = checkIfSent(context.ifMatch, withHeld(parts, request))
  if (stale !== undefined) return stale
  if (request.state !== 'open') return conflict(`The request is already ${request.state}.`)
  const { obstacle, shown } = await judgeDecider(parts, request, context)
  if (obstacle !== undefined) return forbidden(`Another user must decide: ${obstacle}.`)
  return shown === undefined ? found : { ...found, request: { ...request, deciderChange: shown } }
}

interface JudgedDecider {
  /** Why the caller cannot decide */
  readonly obstacle?: string
  /** For the record, if they can */
  readonly shown?: DeciderChange | undefined
}

async function judgeDecider(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  request: AccessRequest,
  context: AdminContext,
): Promise<JudgedDecider> {
  const own = findOwn(parts, request, context)
  if (own !== undefined) return { obstacle: own }
  const { since, shown } = await findSecondAccount(parts, context.caller, {
    of: [request.askedBy, request.user],
    at: Date.parse(request.askedAt),
  })
  return since === undefined ? { shown } : { obstacle: `${renderDeciderChange(since)} after the request` }
}

function findOwn(
  parts: Parts<'directory'>,
  request: AccessRequest,
  { caller }: Pick<AdminContext, 'caller'>,
): string | undefined {
  if (request.askedBy === principalOf(caller) && caller.role !== 'owner') return 'you requested it'
  return findOwnRequest(parts, request, caller)
}

async function waitsFor(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  request: AccessRequest,
  context: AdminContext,
): Promise<boolean> {
  const { roles } = ROUTES['access-requests.approve']
  if (request.state !== 'open' || !roles.includes(context.caller.role)) return false
  return (await judgeDecider(parts, request, context)).obstacle === undefined
}

async function ask(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  { user, app, resourceApp, scopes, reason }: Parameters<Handlers['access-requests.create']>[0]['body'],
  context: AdminContext,
): ReturnType<Handlers['access-requests.create']> {
  const { world, users } = parts.directory.current()
  const userId = await findUserId(parts.directory.current(), user)
  const target = world['resource-apps'].get(resourceApp)
  const errors = [
    ...((await users.findById(userId)) !== undefined
      ? []
      : [{ path: '/user', problem: `${user} is not a user` }]),
    ...(world.apps.has(app) ? [] : [{ path: '/app', problem: `${app} is not an app` }]),
    ...(target === undefined
      ? [{ path: '/resourceApp', problem: `${resourceApp} is not a resource app` }]
      : findUnknownScopes(target.definition, scopes, scopes)),
  ]
  if (!isInScope(context.caller, 'connections', { app })) return outsideScope()
  if (errors.length > 0) return invalidRequest(errors)
  const id = chooseId('req', context)
  const wanted = { user: userId, app, resourceApp, scopes: [...new Set(scopes)], reason }
  const { request: existing } = (await findStoredRequest(parts, id)) ?? {}
  if (existing !== undefined) {
    const own = { ...wanted, askedBy: principalOf(context.caller) }
    return refuseOtherRequest(existing, own) ?? { status: 201, body: existing }
  }
  return { status: 201, body: await openRequest(parts, context, wanted, id) }
}

type Wanted = Pick<AccessRequest, 'user' | 'app' | 'resourceApp' | 'scopes' | 'reason'>

/** @param wanted - already validated; `user` is the id. @returns the request, durable */
export async function openRequest(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { user, app, resourceApp, scopes, reason }: Wanted,
  id: string = newId('req'),
): Promise<AccessRequest> {
  const request: AccessRequest = {
    id,
    state: 'open',
    user,
    app,
    resourceApp,
    scopes: [...new Set(scopes)],
    reason,
    askedBy: principalOf(context.caller),
    askedAt: new Date(parts.clock.nowMs()).toISOString(),
  }
  await storeRequest(parts, context, { request, type: 'request.opened' })
  return request
}
