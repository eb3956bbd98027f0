// Whether the company of a user wants access by its identity provider alone. Serves the authorization endpoint, the redemption of
// codes and introspection alike, so that the rule holds from the moment it is set.
import { isOfDomain, type TrustedIssuerDefinition } from '@crosswalk/protocol'

import type { RedemptionSnapshot } from '../redemption-snapshot.ts'

/** What is known of a user here that could make them one of a company. */
export interface UserOrigin {
  readonly issuer: string
  readonly subject?: string | undefined
  readonly tenant?: string | undefined
  /** Verified or not: an address that claims to be the company's falls under its rule */
  readonly email?: string | undefined
}

/** @returns the trusted issuer whose users get access by ID-JAG only, if this is one of them */
export function findRequiredIssuer(
  { trusted }: Pick<RedemptionSnapshot, 'trusted'>,
  user: UserOrigin,
): TrustedIssuerDefinition | undefined {
  return [...trusted.values()]
    .flat()
    .find((entry) => entry.active && entry.requireIdJag === true && isUserOf(entry, user))
}

function isUserOf({ issuer, tenant, emailDomains }: TrustedIssuerDefinition, user: UserOrigin): boolean {
  if (user.issuer === issuer && (tenant === undefined || user.tenant === tenant)) return true
  return user.email !== undefined && isOfDomain(user.email, emailDomains)
}
