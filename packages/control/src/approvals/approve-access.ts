// An approved request creates an access grant for its user over the connection. No definition changes, whether the file
// or the database owns it.
import type { AccessRequest } from '@crosswalk/admin-api'
import { DAY_MS, dropUndefined } from '@crosswalk/protocol'

import { buildGrant, storeGrant } from './access-grant-records.ts'
import { describeDecision, type RequestChange, type StoredRequest } from './access-request-records.ts'
import { type AccessGrantRecord, definitionsOf } from '../definitions/records.ts'
import { checkAccessNow } from '../simulate/check-access-now.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import type { RequestError } from '../http/request-errors.ts'
import type { Parts } from '../parts.ts'
import { conflict, forbidden, isProblem, type Problem } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { findApprovalConflict } from './own-interest.ts'
import { describeHeld } from './scope-approval-records.ts'

interface Approval extends Pick<StoredRequest, 'request'> {
  /** Undefined for a request that is opened and approved in one change */
  readonly revision?: number
  readonly scopes?: readonly string[] | undefined
  readonly until?: string | undefined
  /** Id of the approval rule that approves it */
  readonly rule?: string
}

export async function approve(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  approval: Approval,
): ReturnType<Handlers['access-requests.approve']> {
  const prepared = await prepareApproval(parts, context, approval)
  if (isProblem(prepared)) return prepared
  const problem = await storeGrant(parts, context, prepared)
  if (problem !== undefined) return problem
  const { answered, grant } = prepared
  return { status: 200, body: { ...answered.request, check: await checkAccessNow(parts, grant) } }
}

export interface PreparedApproval {
  readonly grant: AccessGrantRecord
  readonly answered: RequestChange
}

/** @returns what an approval stores, or why it is not possible; policy tests are checked when it is stored */
export async function prepareApproval(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { request, revision, rule, scopes = request.scopes, until = findEnd(parts, request) }: Approval,
): Promise<PreparedApproval | Problem> {
  const errors = listMistakes(parts, { request, scopes, until })
  if (errors.length > 0) return invalidRequest(errors)
  // Otherwise, the user would have the access once restored.
  if ((await parts.directory.current().users.findById(request.user)) === undefined)
    return conflict(`${request.user} is no longer a user. Decline the request.`)
  const connection = findConnection(parts, request)
  if (connection === undefined)
    return conflict(
      `There is no connection from ${request.app} to ${request.resourceApp}. Create one first: POST /connections.`,
    )
  const reason = await findApprovalConflict(parts, connection, { scopes, caller: context.caller })
  if (reason !== undefined) return forbidden(`Another user must approve this: ${reason}.`)
  const approvedScopes = describeHeld(parts, request, scopes).map(({ scope }) => scope)
  const grant = buildGrant(parts, context, {
    ...{ connection, scopes, until, rule },
    user: request.user,
    request: request.id,
  })
  const approved: AccessRequest = {
    ...request,
    state: 'approved',
    ...describeDecision(parts, context),
    ...dropUndefined({ rule }),
    granted: {
      grant: grant.id,
      connection: connection.id,
      scopes: [...scopes],
      ...(approvedScopes.length === 0 ? {} : { approvedScopes }),
      ...(until === undefined ? {} : { until }),
    },
  }
  const type = scopes.length < request.scopes.length ? 'request.narrowed' : 'request.approved'
  return { grant, answered: { request: approved, type, ...dropUndefined({ revision }) } }
}

/** @returns the end of the access that was requested, RFC 3339 */
function findEnd({ clock }: Parts<'clock'>, { days }: AccessRequest): string | undefined {
  return days === undefined ? undefined : new Date(clock.nowMs() + days * DAY_MS).toISOString()
}

function listMistakes(
  { clock }: Parts<'clock'>,
  { request, scopes = [], until }: Pick<Approval, 'request' | 'scopes' | 'until'>,
): readonly RequestError[] {
  const beyond = scopes.filter((one) => !request.scopes.includes(one))
  return [
    ...(beyond.length === 0 ? [] : [{ path: '/scopes', problem: `${beyond.join(' ')} was not requested` }]),
    ...checkFuture('/until', until, clock.nowMs()),
  ]
}

function findConnection({ directory }: Parts<'directory'>, { app, resourceApp }: AccessRequest) {
  return definitionsOf(directory.current().world.connections).find(
    (definition) => definition.app === app && definition.resourceApp === resourceApp,
  )
}
