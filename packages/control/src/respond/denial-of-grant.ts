// Whether the IdP here would now deny what an ID-JAG granted: evaluates the recorded decision with the current
// definitions.
import type { Clock } from '@crosswalk/as-core'
import { type DenialNow, findDenialNow } from '@crosswalk/policy'
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
  /** `unknown` if the log has no such decision; undefined if it would be granted again */
  readonly denial: DenialNow | 'unknown' | undefined
  /** Id of the user it was granted for */
  readonly user?: string | undefined
}

/** @param claims - of the ID-JAG, if available */
export async function findDenialOfGrant(
  parts: GrantParts,
  grantId: string,
  claims?: Readonly<Record<string, unknown>>,
): Promise<GrantNow> {
  const record = (await parts.storage.events.findIssued(grantId))?.event.decision
  const { exchange: snapshot, users } = parts.directory.current()
  if (record === undefined || snapshot === undefined) return { denial: 'unknown' }
  const ids = [record.request.subject?.ref ?? '']
  const found = await users.findForExchange(ids, snapshot.comparedSources)
  const app = record.request.requesting_app?.id ?? ''
  const denial = findDenialNow(record, {
    ...{ snapshot, users: found, nowMs: parts.clock.nowMs(), claims },
    describedApp: describeApp(parts, app),
  })
  return { denial, user: record.request.subject?.ref }
}
