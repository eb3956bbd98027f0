// An approved request creates an access grant for its user over the connection. No definition changes, whether the file
// or the database owns it.
import type { AccessRequest } from '@crosswalk/admin-api'

import { buildGrant, storeGrant } from './access-grant-records.ts'
import { describeDecision, type StoredRequest } from './access-request-records.ts'
import { definitionsOf } from '../definitions/records.ts'
import { checkAccessNow } from '../simulate/check-access-now.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import type { RequestError } from '../http/request-errors.ts'
import type { Parts } from '../parts.ts'
import { conflict, forbidden } from '../http/problem.ts'
import { checkFuture, invalidRequest } from '../http/read-request.ts'
import { findApprovalConflict } from './own-interest.ts'
import { describeHeld } from './scope-approval-records.ts'

interface Approval extends StoredRequest {
  readonly scopes?: readonly string[] | undefined
  readonly until?: string | undefined
}

export async function approve(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { request, revision, scopes = request.scopes, until }: Approval,
): ReturnType<Handlers['access-requests.approve']> {
  const errors = listMistakes(parts, { request, scopes, until })
  if (errors.length > 0) return invalidRequest(errors)
  const connection = findConnection(parts, request)
  if (connection === undefined)
    return conflict(
      `There is no connection from ${request.app} to ${request.resourceApp}. Create one first: POST /connections.`,
    )
  const reason = await findApprovalConflict(parts, connection, { scopes, caller: context.caller })
  if (reason !== undefined) return forbidden(`Another user must approve this: ${reason}.`)
  const approvedScopes = describeHeld(parts, request, scopes).map(({ scope }) => scope)
  const grant = buildGrant(parts, context, {
    ...{ connection, scopes, until },
    user: request.user,
    request: request.id,
  })
  const approved: AccessRequest = {
    ...request,
    state: 'approved',
    ...describeDecision(parts, context),
    granted: {
      grant: grant.id,
      connection: connection.id,
      scopes: [...scopes],
      ...(approvedScopes.length === 0 ? {} : { approvedScopes }),
      ...(until === undefined ? {} : { until }),
    },
  }
  const type = scopes.length < request.scopes.length ? 'request.narrowed' : 'request.approved'
  const answered = { request: approved, revision, type }
  const problem = await storeGrant(parts, context, { grant, answered })
  if (problem !== undefined) return problem
  return { status: 200, body: { ...approved, check: await checkAccessNow(parts, grant) } }
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
