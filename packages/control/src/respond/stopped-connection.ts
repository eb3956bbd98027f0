// A revoked or blocked connection stays that way until a caller with the required role resumes it. Other callers must
// not delete it or move it to other apps, because they could then create one for the same pair.
import { ALLOWED } from '@crosswalk/admin-api'
import { findBlock } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import { type Hold, holdId } from '../definitions/records.ts'
import type { Caller } from '../http/context.ts'
import { forbidden, type Problem } from '../http/problem.ts'
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
  return isRevoked(parts, id) || isBlocked(parts, id) ? refuseUnlessMay(caller, id) : undefined
}

/** Check before resuming a connection. */
export function refuseLifting(hold: Hold | undefined, id: string, caller: Caller): Problem | undefined {
  return hold?.state === 'revoked' ? refuseUnlessMay(caller, id) : undefined
}

function isRevoked({ directory }: Parts<'directory'>, id: string): boolean {
  return directory.current().world.holds.get(holdId('connection', id))?.state === 'revoked'
}

function isBlocked({ directory, clock }: Parts<'directory' | 'clock'>, connectionId: string): boolean {
  const question = { now: clock.nowMs() / 1000, userId: undefined, appId: undefined, connectionId }
  const blocks = [...directory.current().world.blocks.values()].filter(({ kind }) => kind === 'connection')
  return findBlock(blocks, question) !== undefined
}

function mayResume({ role }: Caller): boolean {
  return ALLOWED.resume.some((it) => it === role)
}

function refuseUnlessMay(caller: Caller, id: string): Problem | undefined {
  if (mayResume(caller)) return undefined
  return forbidden(`connections/${id} was revoked or blocked. Ask an owner or administrator to resume it.`)
}
