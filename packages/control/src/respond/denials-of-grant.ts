// Whether the IdP here would now deny what an ID-JAG granted: evaluates the recorded decision with the current
// definitions.
import type { Clock } from '@crosswalk/as-core'
import { type DenialNow, listDenialsNow } from '@crosswalk/policy'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import type { Directory } from '../definitions/directory.ts'
import { describeApp } from '../simulate/simulated-exchange.ts'

export interface GrantParts {
  readonly configuration: Configuration
  readonly directory: Pick<Directory, 'current'>
  readonly storage: { readonly events: Pick<Storage['events'], 'findIssued'> }
  readonly clock: Clock
}

export interface GrantNow {
  /** All of them, the decisive one first; `unknown` if the log has no such decision; none if it would be granted again */
  readonly denials: readonly (DenialNow | 'unknown')[]
  /** Id of the user it was granted for */
  readonly user?: string | undefined
}

/** @param claims - of the ID-JAG, if available */
export async function listDenialsOfGrant(
  parts: GrantParts,
  grantId: string,
  claims?: Readonly<Record<string, unknown>>,
): Promise<GrantNow> {
  const record = (await parts.storage.events.findIssued(grantId))?.event.decision
  const { exchange: snapshot, users } = parts.directory.current()
  if (record === undefined || snapshot === undefined) return { denials: ['unknown'] }
  const ids = [record.request.subject?.ref ?? '']
  const found = await users.findForExchange(ids, snapshot.comparedSources)
  const app = record.request.requesting_app?.id ?? ''
  const denials = listDenialsNow(record, {
    ...{ snapshot, users: found, nowMs: parts.clock.nowMs(), claims },
    describedApp: describeApp(parts, app),
  })
  return { denials, user: record.request.subject?.ref }
}
