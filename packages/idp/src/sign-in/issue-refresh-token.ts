// Issues a refresh token for a sign-in at another provider (a SAML assertion). It has its own grant, so that everything
// that ends a grant ends it, and no browser session.
import { randomBytes } from 'node:crypto'

import type { Provider, RefreshToken } from 'oidc-provider'

import type { NewRefreshToken, SignInPorts } from './contract.ts'
import { GRANT_TTL_SECONDS, REFRESH_TOKEN_TTL_SECONDS } from './lifetimes.ts'
import { keepGrantWithoutSession } from './sessions.ts'

/** Marks the origin of the grant; the refresh grant appends its own name. */
const GRANT_ORIGIN = 'saml2'

/** Whether the grant of a refresh token came from a sign-in at another provider. */
export function isFromUpstreamSignIn({ gty }: Pick<RefreshToken, 'gty'>): boolean {
  return gty?.split(' ')[0] === GRANT_ORIGIN
}

export function createIssueRefreshToken(provider: Provider, { store }: SignInPorts) {
  return async (wanted: NewRefreshToken): Promise<string> => {
    const { userId: accountId, clientId, scope, authTime, acr, dpopThumbprint } = wanted
    const client = await provider.Client.find(clientId)
    if (client === undefined) throw new Error(`there is no client ${clientId}`)
    const lifetimeSeconds = Math.min(wanted.endsInSeconds ?? GRANT_TTL_SECONDS, GRANT_TTL_SECONDS)
    const grant = new provider.Grant({ accountId, clientId })
    grant.addOIDCScope([...scope])
    // Nothing outlives its grant, however often it is rotated.
    grant.exp = Math.floor(Date.now() / 1000) + lifetimeSeconds
    const grantId = await grant.save()
    const sid = `${randomBytes(16).toString('base64url')}.${randomBytes(12).toString('base64url')}`
    const session = { sid, grantId, clientId, accountId, loginTs: authTime, acr }
    const endsAt = wanted.endsInSeconds === undefined ? undefined : grant.exp
    await keepGrantWithoutSession(store, { ...session, endsAt })
    const token = new provider.RefreshToken({
      client,
      accountId,
      grantId,
      gty: GRANT_ORIGIN,
      scope: scope.join(' '),
      authTime,
      acr,
      sid,
      expiresWithSession: false,
      expiresIn: Math.min(lifetimeSeconds, REFRESH_TOKEN_TTL_SECONDS),
      ...(dpopThumbprint === undefined ? {} : { jkt: dpopThumbprint }),
    })
    return token.save()
  }
}
