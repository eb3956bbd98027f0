// Whether a user's company requires access through its identity provider only. Shared by the authorization endpoint,
// the redemption of codes and introspection, so that the rule applies from the moment it is set.
import { isOfDomain, type TrustedIssuerDefinition } from '@crosswalk/protocol'

import type { RedemptionSnapshot } from '../redemption-snapshot.ts'

/** Facts about a user that may associate them with a company. */
export interface UserOrigin {
  readonly issuer: string
  readonly subject?: string | undefined
  readonly tenant?: string | undefined
  /** Verified or not: any address in the company's domain falls under its rule */
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
