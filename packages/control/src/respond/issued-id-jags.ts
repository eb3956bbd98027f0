// ID-JAGs that the IdP of this process issued, at authorization servers of the same process: none is redeemed that the IdP
// would not issue any more. It is looked up only where definitions have changed since it was issued.
import { type Clock, grantIdOf } from '@crosswalk/as-core'
import { findDenialNow } from '@crosswalk/policy'
import type { IssuedIdJags } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import type { Directory } from '../definitions/directory.ts'
import { describeApp } from '../simulate/simulated-exchange.ts'

export interface IssuedIdJagsParts {
  readonly configuration: Configuration
  readonly directory: Pick<Directory, 'current' | 'onChange'>
  readonly storage: { readonly events: Pick<Storage['events'], 'findIssued'> }
  readonly clock: Clock
}

/** Tokens carry whole seconds. */
const WHOLE_SECOND = 1

export function createIssuedIdJags(parts: IssuedIdJagsParts): IssuedIdJags {
  const { configuration, directory, storage, clock } = parts
  // What the file defines may have changed while no process ran.
  let changedAt = clock.nowMs() / 1000
  directory.onChange(async () => {
    changedAt = clock.nowMs() / 1000
  })
  /** The clock of the process that issued it may be ahead. */
  const isOfNow = (iat: unknown) =>
    typeof iat === 'number' && iat > changedAt + configuration.clockSkewSeconds + WHOLE_SECOND

  return {
    async findDenialNow({ iss, iat, jti }) {
      if (iss !== directory.current().exchange?.issuer || isOfNow(iat)) return undefined
      const record = (await storage.events.findIssued(grantIdOf(String(jti))))?.event.decision
      const { exchange: snapshot, people } = directory.current()
      if (record === undefined || snapshot === undefined) return 'unknown'
      const app = record.request.requesting_app?.id ?? ''
      return findDenialNow(record, {
        ...{ snapshot, people, nowMs: clock.nowMs() },
        describedApp: describeApp(parts, app),
      })
    },
  }
}
