// A connection that was revoked or blocked stays so until a role ends it that may: deleting it, or letting it join others, and
// making another one for the same pair would end it too.
import { ALLOWED } from '@crosswalk/admin-api'
import { findBlock } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import { holdId } from '../definitions/records.ts'
import type { Caller } from '../http/context.ts'
import { buildProblem, type Problem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'

export function refuseEvasion(
  parts: Parts<'directory' | 'clock'>,
  caller: Caller,
  {
    before,
    after,
  }: { readonly before: ConnectionDefinition; readonly after: ConnectionDefinition | undefined },
): Problem | undefined {
  const { id, app, resourceApp } = before
  if (after?.app === app && after.resourceApp === resourceApp) return undefined
  return isBlocked(parts, id) && !mayResume(caller) ? refuse(id) : refuseLifting(parts, id, caller)
}

/** Of lifting what stops a connection. */
export function refuseLifting(
  { directory }: Parts<'directory'>,
  id: string,
  caller: Caller,
): Problem | undefined {
  const hold = directory.current().world.holds.get(holdId('connection', id))
  return hold?.state === 'revoked' && !mayResume(caller) ? refuse(id) : undefined
}

function isBlocked({ directory, clock }: Parts<'directory' | 'clock'>, connectionId: string): boolean {
  const question = { now: clock.nowMs() / 1000, userId: undefined, appId: undefined, connectionId }
  const blocks = [...directory.current().world.blocks.values()].filter(({ kind }) => kind === 'connection')
  return findBlock(blocks, question) !== undefined
}

function mayResume({ role }: Caller): boolean {
  return ALLOWED.resume.some((it) => it === role)
}

function refuse(id: string): Problem {
  return buildProblem('forbidden', {
    detail: `connections/${id} was revoked or blocked. An administrator ends that.`,
  })
}
