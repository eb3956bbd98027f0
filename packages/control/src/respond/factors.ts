// Removes the second factors of a user who lost them: deletes what the user enrolled, and ends the sessions that may
// depend on it, with the access based on them. A secret in the configuration file is not removed.
import type { FactorReset, factorRoutes } from '@crosswalk/admin-api'
import { listFactors, nameCredentialType } from '@crosswalk/idp'
import type { EvaluatedUser } from '@crosswalk/policy'
import type { RemovalRecord, RemovedFactors } from '@crosswalk/storage'

import { buildAdminEvent } from '../audit/change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { findShown } from '../views/read-objects.ts'
import type { Parts } from '../parts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { RevokerPart } from './access-revoker.ts'
import { conflict, isProblem, type Problem } from '../http/problem.ts'
import { refuseEditAbove } from '../administrators/role-ceiling.ts'
import { revokeAndRecord } from './revoke-and-record.ts'

type Reply = { readonly status: 200; readonly body: FactorReset } | Problem

export function createFactorHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'inTurn'> & RevokerPart & SignalsPart,
): Pick<Handlers, keyof typeof factorRoutes> {
  return {
    'users.resetFactors': ({ params: { id } }, context) => parts.inTurn(() => reset(parts, context, id)),
  }
}

async function reset(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'> & RevokerPart & SignalsPart,
  context: AdminContext,
  id: string,
): Promise<Reply> {
  const found = await findShown(parts, 'users', id, context)
  if (isProblem(found)) return found
  const above = await refuseEditAbove(parts, context, id)
  if (above !== undefined) return above
  const { secondFactors } = parts.storage
  const keptOfFile = (await secondFactors.totpFingerprint(id)) !== undefined
  const factors = await listFactors(secondFactors, id)
  const isEnrolled = factors.passkeys.length > 0 || (factors.totp && !keptOfFile)
  if (!isEnrolled && keptOfFile)
    return conflict(
      `The only second factor of ${id} is totpSecret in the configuration file: change or remove it there.`,
    )
  const removed = isEnrolled ? await remove(parts, context, id) : { totp: false, passkeys: [] }
  return {
    status: 200,
    body: {
      id,
      removed: { authenticatorApp: removed.totp, passkeys: removed.passkeys.length },
      keptOfFile,
      endedSessions: isEnrolled,
      effectiveAt: new Date(parts.clock.nowMs()).toISOString(),
    },
  }
}

async function remove(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart & SignalsPart,
  context: AdminContext,
  id: string,
): Promise<RemovedFactors> {
  const { revoker, storage } = parts
  const user = await parts.directory.current().users.findById(id)
  // First, because a repeated request does nothing once the factors are gone.
  await revoker.endSessions(id)
  const removed = await storage.secondFactors.removeEnrolled(id, (factors) =>
    describeRemoval(parts, context, { id, user, factors }),
  )
  // Someone with a lost factor may have signed in in between.
  await revoker.endSessions(id)
  const about = { target: { kind: 'user', id }, endedSessions: true, onlyIfAny: true }
  if (user !== undefined) await revokeAndRecord(parts, context, about, () => revoker.revokeUser(user))
  return removed
}

/** In the terms of the CAEP event `credential-change` (section 3.3.1). */
function listRemoved({ totp, passkeys }: RemovedFactors): readonly string[] {
  return [...(totp ? ['app'] : []), ...new Set(passkeys.map(nameCredentialType))]
}

/** Built for the receivers of security events, too, so that dependent sessions end there. */
function describeRemoval(
  { clock, signals }: Parts<'clock'> & SignalsPart,
  context: AdminContext,
  { id, user, factors }: { id: string; user: EvaluatedUser | undefined; factors: RemovedFactors },
): RemovalRecord {
  const credentials = listRemoved(factors)
  const event = buildAdminEvent(context, clock.nowMs(), {
    type: 'credential.changed',
    category: 'people',
    severity: 'warning',
    target: { kind: 'user', id },
    change: { change_type: 'delete', credential_types: credentials, ended_sessions: true },
  })
  if (user === undefined) return { event, securityEvents: [] }
  const changes = credentials.map(
    (credential) => ({ kind: 'credential-change', user, credential, change: 'delete' }) as const,
  )
  const sessions = { kind: 'session-revoked', user, initiator: 'admin' } as const
  return { event, securityEvents: signals.buildEvents([sessions, ...changes]) }
}
