// For authorization servers in the process of the IdP: they redeem no ID-JAG that the IdP would no longer issue, and
// report no access token as live if its user has lost access. A lookup is needed only if definitions have changed since
// it was issued.
import { grantIdOf } from '@crosswalk/as-core'
import type { IssuedIdJags } from '@crosswalk/resource-as'

import type { Directory } from '../definitions/directory.ts'
import { listDenialsOfGrant, type GrantParts } from './denials-of-grant.ts'
import { endTokens } from './lost-assignment.ts'

/** Tokens carry whole seconds. */
const WHOLE_SECOND = 1

export function createIssuedIdJags(
  parts: GrantParts & { readonly directory: Pick<Directory, 'current' | 'onChange'> },
): IssuedIdJags {
  const { configuration, directory, clock } = parts
  // The configuration file may have changed while no process was running.
  let changedAt = clock.nowMs() / 1000
  directory.onChange(async () => {
    changedAt = clock.nowMs() / 1000
  })
  /** Allows for a faster clock in the issuing process. */
  const isNewer = (iat: unknown) =>
    typeof iat === 'number' && iat > changedAt + configuration.clockSkewSeconds + WHOLE_SECOND
  const isOurs = (issuer: unknown) => issuer === directory.current().exchange?.issuer

  return {
    async findDenialNow(claims) {
      const { iss, iat, jti } = claims
      if (!isOurs(iss) || isNewer(iat)) return undefined
      return (await listDenialsOfGrant(parts, grantIdOf(String(jti)), claims)).denials[0]
    },
    async isOutdated({ issuer, issuedAt, grantId }) {
      if (!isOurs(issuer) || isNewer(issuedAt)) return false
      return endTokens((await listDenialsOfGrant(parts, grantId)).denials)
    },
  }
}
