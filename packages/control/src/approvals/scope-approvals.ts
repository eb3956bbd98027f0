// Approvals of scopes, by a user who sees what they mean. They are stored next to the connection, whether the file or the
// database owns it, and are removed with the connection or the scope.
import type { scopeApprovalRoutes } from '@crosswalk/admin-api'
import { approvalKey } from '@crosswalk/policy'

import type { AdminContext, Handlers } from '../http/context.ts'
import { buildEtag, checkIfMatch } from '../http/etag.ts'
import { findShown } from '../views/read-objects.ts'
import type { Parts } from '../parts.ts'
import { conflict, forbidden, isProblem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { exemptOwner, findDefinerConflict, findOwnInterest } from './own-interest.ts'
import { describeRemovals, storeApprovals } from './scope-approval-records.ts'

type Names = keyof typeof scopeApprovalRoutes
type Body = Parameters<Handlers[Names]>[0]['body']

export function createScopeApprovalHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'inTurn'>,
): Pick<Handlers, Names> {
  return {
    'connections.approve-scopes': ({ params: { id }, body }, context) =>
      parts.inTurn(() => approve(parts, context, { ...body, id })),
    'connections.revoke-approvals': ({ params: { id }, body }, context) =>
      parts.inTurn(() => revokeApprovals(parts, context, { ...body, id })),
  }
}

interface Asked extends Body {
  readonly id: string
}

async function approve(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { id, scopes }: Asked,
): ReturnType<Handlers['connections.approve-scopes']> {
  const view = await findShown(parts, 'connections', id, context)
  if (isProblem(view)) return view
  const problem = checkIfMatch(context.ifMatch, view)
  if (problem !== undefined) return problem
  const guarded = new Set(view.approvals?.map(({ scope }) => scope))
  const others = scopes.filter((scope) => !guarded.has(scope))
  if (others.length > 0)
    return invalidRequest([
      { path: '/scopes', problem: `${others.join(' ')}: not a scope of ${id} that needs approval` },
    ])
  const item = parts.directory.current().world.connections.get(id)
  if (item === undefined) throw new Error(`connections/${id} is listed but not found`)
  // As for requests, an owner may approve their own.
  const own =
    (await findOwnInterest(parts, exemptOwner(item, context.caller), context.caller)) ??
    (await findDefinerConflict(parts, item, { scopes, caller: context.caller }))
  if (own !== undefined) return forbidden(`Another user must approve: ${own}.`)
  await storeApprovals(parts, context, { connection: item.definition, scopes })
  return showApproved(parts, context, id)
}

async function revokeApprovals(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { id, scopes }: Asked,
): ReturnType<Handlers['connections.revoke-approvals']> {
  const view = await findShown(parts, 'connections', id, context)
  if (isProblem(view)) return view
  const { approvals } = parts.directory.current().world
  const others = scopes.filter((scope) => !approvals.has(approvalKey({ connection: id, scope })))
  if (others.length > 0)
    return conflict(
      `${others.join(' ')}: not approved here. Approvals from \`scopeApprovals\` in the configuration file are revoked there.`,
    )
  await parts.directory.changeAll(describeRemovals(parts, context, { connection: id, scopes }))
  return showApproved(parts, context, id)
}

async function showApproved(parts: Parts<'directory' | 'clock'>, context: AdminContext, id: string) {
  const body = await findShown(parts, 'connections', id, context)
  if (isProblem(body)) return body
  return { status: 200, body, headers: { etag: buildEtag(body) } } as const
}
