// Finds the event that issued the ID-JAG behind an access token.
import type { TokenOfApp } from '@crosswalk/resource-as'
import type { RecordedEvent, Storage } from '@crosswalk/storage'

interface IssuanceParts {
  readonly storage: { readonly events: Pick<Storage['events'], 'findIssued'> }
  /** The IdP's issuer identifier; undefined without an IdP here */
  readonly issuer: string | undefined
}

/** @returns undefined for a token without an ID-JAG of our IdP */
export async function findIssuance(
  { storage, issuer }: IssuanceParts,
  token: TokenOfApp,
): Promise<RecordedEvent['event'] | undefined> {
  // A token from an authorization code has no ID-JAG, and another issuer may use the `jti` of one of ours.
  if (token.issuer !== issuer || token.grantType !== undefined) return undefined
  return (await storage.events.findIssued(token.grantId))?.event
}
