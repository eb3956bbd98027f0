// Tokens of the admin API. Callers cannot grant a role above their own, and only a keyed hash is stored.
import {
  isAbove,
  listRoutesOf,
  type Role,
  SCOPED_ROLES,
  type tokenRoutes,
  type TokenView,
} from '@crosswalk/admin-api'
import { randomToken } from '@crosswalk/as-core'

import { ACTS } from '../definitions/stored-acts.ts'
import type { TokenRecord } from '../definitions/records.ts'
import { hashToken, renderScopedToken } from '../http/authenticate.ts'
import { buildAct, type AdminEvent } from '../audit/change-event.ts'
import { type AdminContext, type Handlers, principalOf } from '../http/context.ts'
import { isLive } from './live-tokens.ts'
import { listPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { buildProblem, forbidden, notFound, type Problem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { chooseId } from '../http/repeated.ts'

type TokenParts = Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'>

export function createTokenHandlers(parts: TokenParts): Pick<Handlers, keyof typeof tokenRoutes> {
  const tokens = () => parts.directory.current().world.tokens
  return {
    async 'tokens.list'({ query }) {
      return listPage([...tokens().keys()].sort(), query, (id) => {
        const record = tokens().get(id)
        return record && renderToken(parts, record)
      })
    },
    'tokens.create': (request, context) => createToken(parts, request, context),
    async 'tokens.revoke'({ params: { id } }, context) {
      const record = tokens().get(id)
      if (record === undefined) return notFound(`There is no token ${id}.`)
      const beyond = checkRole(context.caller.role, record.role)
      if (beyond !== undefined) return beyond
      const isRemoved = await removeToken(parts, context, record)
      return isRemoved ? { status: 204 } : notFound(`There is no token ${id}.`)
    },
    async whoami(_, { caller }) {
      return {
        status: 200,
        body: {
          id: caller.id,
          role: caller.role,
          ...(caller.apps === undefined ? {} : { apps: [...caller.apps] }),
          routes: listRoutesOf(caller.role),
        },
      }
    },
  }
}

/** @returns whether the token still existed */
export async function removeToken(
  { directory, clock }: Parts<'directory' | 'clock'>,
  context: AdminContext,
  record: TokenRecord,
): Promise<boolean> {
  const { ok } = await directory.remove(
    buildAct(context, clock.nowMs(), describeChange(record, 'token_of_admin_api.deleted')),
  )
  return ok
}

async function createToken(
  parts: TokenParts,
  { body }: Parameters<Handlers['tokens.create']>[0],
  context: AdminContext,
): ReturnType<Handlers['tokens.create']> {
  const { name, role, apps, expiresAt } = body
  const refusal = checkRole(context.caller.role, role) ?? checkApps(parts, role, apps)
  if (refusal !== undefined) return refusal
  const past = checkFuture('/expiresAt', expiresAt, parts.clock.nowMs())
  if (past.length > 0) return invalidRequest(past)
  const id = chooseId('tok', context)
  // Tokens that a revoked token created would be live again with a new one of its id.
  const [revoked] = await parts.storage.objects.filterRemoved(ACTS.tokens, [id])
  if (revoked !== undefined) return createdOnce()
  // 256 bits, because a fast hash checks it.
  const token = renderScopedToken(id, randomToken() + randomToken())
  const at = parts.clock.nowMs()
  const record: TokenRecord = {
    id,
    name,
    role,
    ...(apps === undefined ? {} : { apps }),
    hash: hashToken(parts.sealing, token),
    createdAt: new Date(at).toISOString(),
    createdBy: context.caller.id,
    ...(context.caller.hasFileToken === true ? {} : { principal: principalOf(context.caller) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
  const change = { ...describeChange(record, 'token_of_admin_api.created'), ifRevision: 0, body: record }
  const { ok } = await parts.directory.put(buildAct(context, at, change))
  if (!ok) return createdOnce()
  return { status: 201, body: { ...(await renderToken(parts, record)), token } }
}

function createdOnce(): Problem {
  return buildProblem('exists', {
    detail:
      'A request with this Idempotency-Key has created a token, which is shown only once. If you do not have it, revoke it and use a new key.',
  })
}

function checkRole(own: Role, role: Role): Problem | undefined {
  if (!isAbove(role, own)) return undefined
  return forbidden(`${own} may not grant or revoke the role ${role}.`)
}

/** An app owner or developer without apps would have no access at all. */
function checkApps(
  { directory }: Parts<'directory'>,
  role: Role,
  apps: readonly string[] | undefined,
): Problem | undefined {
  if (apps === undefined) {
    if (role !== 'app-owner' && role !== 'developer') return undefined
    return invalidRequest([{ path: '/apps', problem: `is required for ${role}` }])
  }
  if (!SCOPED_ROLES.includes(role))
    return invalidRequest([{ path: '/apps', problem: `is only allowed for ${SCOPED_ROLES.join(', ')}` }])
  const known = directory.current().world.apps
  const unknown = apps.flatMap((app, index) =>
    known.has(app) ? [] : [{ path: `/apps/${index}`, problem: `${app} is not an app` }],
  )
  return unknown.length === 0 ? undefined : invalidRequest(unknown)
}

async function renderToken(parts: TokenParts, record: TokenRecord): Promise<TokenView> {
  return { ...describeToken(record), active: await isLive(parts, record) }
}

function describeToken({ hash: _, apps, ...record }: TokenRecord) {
  return { ...record, ...(apps === undefined ? {} : { apps: [...apps] }) }
}

function describeChange(record: TokenRecord, type: string) {
  const event: AdminEvent = {
    type,
    category: 'governance',
    target: { kind: 'admin_token', id: record.id },
    change: { token: describeToken(record) },
  }
  return { collection: ACTS.tokens, id: record.id, event }
}
