// Access requests: create, list, comment on, delegate, approve, decline. An approval creates an access grant.
import type { AccessRequest, accessRequestRoutes } from '@crosswalk/admin-api'

import { COLLECTION, describeDecision, findStoredRequest, storeRequest } from './access-request-records.ts'
import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import { approve } from './approve-access.ts'
import { commentOnRequest } from './comment-on-request.ts'
import { delegateRequest } from './delegate-request.ts'
import {
  findOpenRequest,
  findRequest,
  findUndecided,
  mayDecide,
  showRequest,
  showTo,
} from './judge-decider.ts'
import { readCollection } from '../definitions/stored-items.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { listPage, readIds, sortByTime } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import { isInScope, outsideScope } from '../http/scope.ts'
import { openRequest, previewRequest } from './open-request.ts'
import type { RequestedAccess } from './route-request.ts'
import { findUnknownScopes } from './unknown-scopes.ts'

export function createAccessRequestHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'inTurn'>,
): Pick<Handlers, keyof typeof accessRequestRoutes> {
  return {
    async 'access-requests.list'({ query }, context) {
      const { found, unreadable } = await readCollection(parts.storage.objects, COLLECTION)
      const requests = sortByTime([...found.values()], ({ askedAt }) => askedAt)
      const ids = readIds(query)
      const find = async (key: string) => {
        const request = requests.get(key)
        if (request === undefined || !isInScope(context.caller, 'connections', request)) return undefined
        if (ids?.includes(request.id) === false) return undefined
        if (query.state !== undefined && request.state !== query.state) return undefined
        if (query.mine === true && !(await mayDecide(parts, request, context))) return undefined
        return showRequest(parts, request, context)
      }
      return listPage([...requests.keys()], query, find, unreadable)
    },
    async 'access-requests.read'({ params: { id } }, context) {
      const found = await findRequest(parts, id, context)
      return isProblem(found) ? found : { status: 200, body: showRequest(parts, found.request, context) }
    },
    'access-requests.create': ({ body }, context) => parts.inTurn(() => ask(parts, body, context)),
    async 'access-requests.preview'({ body }, context) {
      const wanted = await readRequested(parts, body, context)
      if (isProblem(wanted)) return wanted
      return { status: 200, body: await previewRequest(parts, context, wanted) }
    },
    'access-requests.approve': ({ params: { id }, body }, context) =>
      parts.inTurn(async () => {
        const found = await findUndecided(parts, id, context)
        return isProblem(found) ? found : approve(parts, context, { ...found, ...body })
      }),
    'access-requests.comment': ({ params: { id }, body }, context) =>
      parts.inTurn(async () => {
        const found = await findOpenRequest(parts, id, context)
        if (isProblem(found)) return found
        const commented = await commentOnRequest(parts, context, { ...found, ...body })
        return isProblem(commented)
          ? commented
          : { status: 200, body: showRequest(parts, commented, context) }
      }),
    'access-requests.delegate': ({ params: { id }, body }, context) =>
      parts.inTurn(async () => {
        const found = await findUndecided(parts, id, context)
        if (isProblem(found)) return found
        const delegated = await delegateRequest(parts, context, { ...found, ...body })
        return isProblem(delegated)
          ? delegated
          : { status: 200, body: showRequest(parts, delegated, context) }
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

async function ask(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  { reason, ...body }: Parameters<Handlers['access-requests.create']>[0]['body'],
  context: AdminContext,
): ReturnType<Handlers['access-requests.create']> {
  const read = await readRequested(parts, body, context)
  if (isProblem(read)) return read
  const id = chooseId('req', context)
  const wanted = { ...read, reason }
  const { request: existing } = (await findStoredRequest(parts, id)) ?? {}
  if (existing !== undefined) {
    const own = { ...wanted, askedBy: principalOf(context.caller) }
    return refuseOtherRequest(existing, own) ?? { status: 201, body: showTo(existing, context.caller) }
  }
  return { status: 201, body: showTo(await openRequest(parts, context, wanted, id), context.caller) }
}

/** @returns the access with the user's id, validated */
async function readRequested(
  parts: Parts<'directory'>,
  { user, app, resourceApp, scopes, days }: RequestedAccess,
  context: AdminContext,
): Promise<RequestedAccess | Problem> {
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
  return { user: userId, app, resourceApp, scopes: [...new Set(scopes)], days }
}
