// Issues a refresh token for a sign-in at another provider (a SAML assertion). It has its own grant, so that everything
// that ends a grant ends it, and no browser session.
import { randomBytes } from 'node:crypto'

import type { Grant, Provider } from 'oidc-provider'

import type { NewRefreshToken, SignInPorts } from '../contract.ts'
import { REFRESH_TOKEN_TTL_SECONDS } from '../lifetimes.ts'
import type { Ending } from './session-end.ts'
import { keepGrantWithoutSession } from './sessions.ts'

export function createIssueRefreshToken(provider: Provider, { store, clock }: SignInPorts) {
  return async (wanted: NewRefreshToken): Promise<string> => {
    const { userId: accountId, clientId, scope, authTime, acr, dpopThumbprint } = wanted
    const client = await provider.Client.find(clientId)
    if (client === undefined) throw new Error(`there is no client ${clientId}`)
    const { endsInSeconds } = wanted
    const grant: Grant & Ending = new provider.Grant({ accountId, clientId })
    grant.addOIDCScope([...scope])
    // Nothing outlives its grant, however often it is rotated.
    if (endsInSeconds !== undefined) grant.endsAt = Math.floor(clock.nowMs() / 1000) + endsInSeconds
    const grantId = await grant.save()
    const sid = `${randomBytes(16).toString('base64url')}.${randomBytes(12).toString('base64url')}`
    const session = { sid, grantId, clientId, accountId, loginTs: authTime, acr }
    await keepGrantWithoutSession(store, session)
    const token = new provider.RefreshToken({
      client,
      accountId,
      grantId,
      // Records where the grant came from; the library appends its own grant types.
      gty: 'saml2',
      scope: scope.join(' '),
      authTime,
      acr,
      sid,
      expiresWithSession: false,
      expiresIn: Math.min(endsInSeconds ?? REFRESH_TOKEN_TTL_SECONDS, REFRESH_TOKEN_TTL_SECONDS),
      ...(dpopThumbprint === undefined ? {} : { jkt: dpopThumbprint }),
    })
    return token.save()
  }
}
