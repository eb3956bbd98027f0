// The account linking strategy for accounts known by SAML NameID. The trust entry states which SAML issuer the issuer
// of the ID-JAG may speak for; the claim itself creates no trust (SAML-10).
import { digest } from '@crosswalk/as-core'
import {
  accept,
  parseSubId,
  refuse,
  renderSubIdKey,
  type Result,
  type TrustedIssuerDefinition,
} from '@crosswalk/protocol'

/** @returns the account's key, or why the claim identifies no account here */
export function readSubIdKey(
  claims: Readonly<Record<string, unknown>>,
  { samlEntityId }: Pick<TrustedIssuerDefinition, 'samlEntityId'>,
): Result<string, string> {
  if (samlEntityId === undefined) return refuse('no SAML entity id is tied to this issuer')
  const subId = parseSubId(claims.sub_id)
  if (!subId.accepted) return subId
  if (subId.value.issuer !== samlEntityId) return refuse('a sub_id of another SAML issuer')
  return accept(digest(renderSubIdKey(subId.value)))
}
