// Removes the second factors of a user who lost them: deletes what the user enrolled, and ends the sessions that may
// depend on it. A secret in the configuration file is not removed.
import type { FactorReset, factorRoutes } from '@crosswalk/admin-api'
import { nameCredentialType } from '@crosswalk/idp'
import type { RemovedFactors } from '@crosswalk/storage'

import { recordAdminEvent } from '../audit/change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { findShown } from '../views/read-objects.ts'
import type { Parts } from '../parts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { RevokerPart } from './access-revoker.ts'
import { conflict, isProblem, type Problem } from '../http/problem.ts'
import { refuseEditAbove } from '../administrators/role-ceiling.ts'

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
  const removed = await secondFactors.removeEnrolled(id)
  const effectiveAt = new Date(parts.clock.nowMs()).toISOString()
  const keptOfFile = (await secondFactors.totpFingerprint(id)) !== undefined
  const endedSessions = listRemoved(removed).length > 0
  if (!endedSessions && keptOfFile)
    return conflict(
      `The only second factor of ${id} is totpSecret in the configuration file: change or remove it there.`,
    )
  if (endedSessions) {
    await parts.revoker.endSessions(id)
    await notifyReceivers(parts, id, removed)
    await record(parts, context, id, removed)
  }
  return {
    status: 200,
    body: {
      id,
      removed: { authenticatorApp: removed.totp, passkeys: removed.passkeys.length },
      keptOfFile,
      endedSessions,
      effectiveAt,
    },
  }
}

/** In the terms of the CAEP event `credential-change` (section 3.3.1). */
function listRemoved({ totp, passkeys }: RemovedFactors): readonly string[] {
  return [...(totp ? ['app'] : []), ...new Set(passkeys.map(nameCredentialType))]
}

/** Notifies the receivers of security events, so that dependent sessions end there, too. */
async function notifyReceivers(
  { directory, signals, storage }: Parts<'directory' | 'storage'> & SignalsPart,
  id: string,
  removed: RemovedFactors,
): Promise<void> {
  const user = await directory.current().users.findById(id)
  if (user === undefined) return
  const changes = listRemoved(removed).map(
    (credential) => ({ kind: 'credential-change', user, credential, change: 'delete' }) as const,
  )
  await storage.securityEvents.add(
    signals.buildEvents([{ kind: 'session-revoked', user, initiator: 'admin' }, ...changes]),
  )
}

async function record(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  id: string,
  removed: RemovedFactors,
): Promise<void> {
  await recordAdminEvent(parts, context, {
    type: 'credential.changed',
    category: 'people',
    severity: 'warning',
    target: { kind: 'user', id },
    change: { change_type: 'delete', credential_types: listRemoved(removed), ended_sessions: true },
  })
}
