// The claims required of client assertions at the provider library's endpoints, the same as at our other endpoints
// (IDP-25, IDP-26). The library verifies signature and key, but accepts more audiences and sets no limits.
import { findClientAssertionProblem } from '@crosswalk/protocol'
import type { Client, KoaContextWithOIDC } from 'oidc-provider'

import type { SignInConfig, SignInPorts } from '../contract.ts'
import type { SingleUses } from './single-use.ts'
import { errors } from './oidc-provider.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * @returns the library's hook for an assertion with a valid signature; an error that it throws becomes a 401 response
 */
export function createAssertionCheck(
  { issuer, clockSkewSeconds }: Pick<SignInConfig, 'issuer' | 'clockSkewSeconds'>,
  { clock }: Pick<SignInPorts, 'clock'>,
  singleUses: Pick<SingleUses, 'expectAssertion'>,
) {
  return (ctx: KoaContextWithOIDC, claims: Members, header: Members, client: Client): void => {
    const problem = findClientAssertionProblem(
      { typ: header['typ'] === undefined ? undefined : String(header['typ']), claims },
      { clientId: client.clientId, issuer, now: clock.nowMs() / 1000, clockSkewSeconds },
    )
    if (problem !== undefined) throw new errors.InvalidClientAuth(problem)
    singleUses.expectAssertion(ctx, claims, client.clientId)
  }
}
