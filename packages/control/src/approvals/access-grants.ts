// Access grants: list, create without a request, revoke early.
import type { accessGrantRoutes, AccessGrantView } from '@crosswalk/admin-api'
import { hasEnded } from '@crosswalk/policy'

import { joinsSameApps } from '../definitions/compile-exchange.ts'
import { readStored } from '../definitions/read-stored.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import { readCollection } from '../definitions/stored-items.ts'
import type { AccessGrantRecord } from '../definitions/records.ts'
import { buildGrant, storeGrant } from './access-grant-records.ts'
import { checkAccessNow } from '../simulate/check-access-now.ts'
import { type AdminContext, authorOf, type Handlers } from '../http/context.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { revokeGrants } from './end-access.ts'
import { checkIfSent } from '../http/etag.ts'
import { listPage, sortByTime } from '../http/list-page.ts'
import { findShown } from '../views/read-objects.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import { conflict, forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import { findUnknownScopes } from './unknown-scopes.ts'
import { findApprovalConflict, findOwnRequest } from './own-interest.ts'
import { isInScope, seesReason } from '../http/scope.ts'
import { findSecondAccount } from './second-account.ts'

type Names = keyof typeof accessGrantRoutes

export function createAccessGrantHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'inTurn'> & RevokerPart & SignalsPart,
): Pick<Handlers, Names> {
  return {
    async 'access-grants.list'({ query }, context) {
      const user =
        query.user === undefined ? undefined : await findUserId(parts.directory.current(), query.user)
      const { found, unreadable } = await readCollection(parts.storage.objects, ACTS.accessGrants)
      const grants = sortByTime([...found.values()], ({ at }) => at)
      const find = (key: string) => {
        const grant = grants.get(key)
        if (grant === undefined || !isInScope(context.caller, 'connections', grant)) return undefined
        if (query.connection !== undefined && grant.connection !== query.connection) return undefined
        if (user !== undefined && grant.user !== user) return undefined
        const shown = renderGrant(parts, grant, context)
        return query.active !== undefined && shown.active !== query.active ? undefined : shown
      }
      return listPage([...grants.keys()], query, find, unreadable)
    },
    async 'access-grants.read'({ params: { id } }, context) {
      const grant = await findGrant(parts, id, context)
      return isProblem(grant) ? grant : { status: 200, body: renderGrant(parts, grant, context) }
    },
    'access-grants.create': ({ body }, context) => parts.inTurn(() => create(parts, body, context)),
    'access-grants.revoke': ({ params: { id } }, context) => parts.inTurn(() => revoke(parts, id, context)),
  }
}

type Wanted = Parameters<Handlers['access-grants.create']>[0]['body']

async function create(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  { connection: id, user, scopes, until }: Wanted,
  context: AdminContext,
): ReturnType<Handlers['access-grants.create']> {
  const connection = await findShown(parts, 'connections', id, context)
  if (isProblem(connection))
    return invalidRequest([{ path: '/connection', problem: `${id} is not a connection` }])
  const userId = await findUserId(parts.directory.current(), user)
  const grantId = chooseId('acg', context)
  const existing = await readGrant(parts, grantId)
  if (existing !== undefined) {
    const wanted = { connection: id, user: userId, scopes: [...new Set(scopes)], until, ...authorOf(context) }
    return refuseOtherRequest(existing, wanted) ?? render(existing)
  }
  const errors = await listMistakes(parts, { connection, user: userId, scopes, until })
  if (errors.length > 0) return invalidRequest(errors)
  const own = findOwnRequest(parts, { user: userId, app: connection.app }, context.caller)
  const reason = own ?? (await findApprovalConflict(parts, connection, { scopes, caller: context.caller }))
  if (reason !== undefined) return forbidden(`Another user must grant this: ${reason}.`)
  const request = { of: [userId], at: parts.clock.nowMs() }
  const { shown: deciderChange } = await findSecondAccount(parts, context.caller, request)
  const built = buildGrant(parts, context, { id: grantId, connection, user: userId, scopes, until })
  const grant = deciderChange === undefined ? built : { ...built, deciderChange }
  const problem = await storeGrant(parts, context, { grant })
  if (problem !== undefined) return problem
  return render(grant)

  async function render(created: AccessGrantRecord) {
    const check = await checkAccessNow(parts, created)
    return { status: 201 as const, body: { ...renderGrant(parts, created, context), check } }
  }
}

interface Checked extends Pick<Wanted, 'user' | 'scopes' | 'until'> {
  readonly connection: {
    readonly id: string
    readonly resourceApp: string
    readonly scopes: readonly string[]
  }
}

async function listMistakes(
  { directory, clock }: Parts<'directory' | 'clock'>,
  { connection, user, scopes, until }: Checked,
) {
  const { users, world } = directory.current()
  const id = connection.resourceApp
  const resourceApp = world['resource-apps'].get(id)?.definition ?? { id, resources: [] }
  return [
    ...((await users.findById(user)) !== undefined
      ? []
      : [{ path: '/user', problem: `${user} is not a user` }]),
    ...findUnknownScopes(resourceApp, scopes, connection.scopes),
    ...checkFuture('/until', until, clock.nowMs()),
  ]
}

async function revoke(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart & SignalsPart,
  id: string,
  context: AdminContext,
): ReturnType<Handlers['access-grants.revoke']> {
  const grant = await findGrant(parts, id, context)
  if (isProblem(grant)) return grant
  const shown = renderGrant(parts, grant, context)
  const stale = checkIfSent(context.ifMatch, shown)
  if (stale !== undefined) return stale
  if (!shown.active) return conflict(`The access grant ${id} has already ended.`)
  const { grants, revokedTokens } = await revokeGrants(parts, context, [grant])
  return { status: 200, body: { ...renderGrant(parts, grants[0] ?? grant, context), revokedTokens } }
}

async function readGrant({ storage }: Parts<'storage'>, id: string): Promise<AccessGrantRecord | undefined> {
  const stored = await storage.objects.find(ACTS.accessGrants, id)
  return stored && readStored(ACTS.accessGrants, stored)
}

async function findGrant(
  { storage }: Parts<'storage'>,
  id: string,
  { caller }: AdminContext,
): Promise<AccessGrantRecord | Problem> {
  const grant = await readGrant({ storage }, id)
  if (grant !== undefined && isInScope(caller, 'connections', grant)) return grant
  return notFound(`There is no access grant ${id}.`)
}

function renderGrant(
  { directory, clock }: Parts<'directory' | 'clock'>,
  grant: AccessGrantRecord,
  { caller }: Pick<AdminContext, 'caller'>,
): AccessGrantView {
  const { meanings: _, scopes, over, reason, ...shown } = grant
  const isOver = hasEnded(grant.until, clock.nowMs() / 1000)
  return {
    ...shown,
    ...(reason !== undefined && seesReason(grant, caller) ? { reason } : {}),
    scopes: [...scopes],
    active: grant.state === 'active' && !isOver && joinsSameApps(directory.current().world, grant),
    state: isOver && grant.state === 'active' ? 'ended' : grant.state,
    ...(over === undefined ? {} : { over }),
  }
}
