// The pages of users' own access as an app of the IdP, so that a user who is not signed in can be led through sign-in
// and back. It proves nothing and gets no token: no one keeps the verifier of its codes, and the token endpoint does not
// know it. What shows the pages is the session that the sign-in leaves behind.
import { createHash, randomBytes } from 'node:crypto'

import type { AppDefinition } from '@crosswalk/protocol'

export const OWN_ACCESS_CLIENT_ID = 'crosswalk-own-access'
export const OWN_ACCESS_PATH = '/me'
/** Where users ask for access that an app was refused */
export const ASK_PATH = `${OWN_ACCESS_PATH}/ask`
export const RETURN_PATH = `${OWN_ACCESS_PATH}/return`

export function buildOwnAccessApp(baseUrl: string): AppDefinition {
  return {
    id: OWN_ACCESS_CLIENT_ID,
    name: 'your own access',
    kind: 'web',
    redirectUris: [`${baseUrl}${RETURN_PATH}`],
    postLogoutRedirectUris: [],
    auth: { method: 'none' },
    owners: [],
    assignments: { everyone: true, users: [], groups: [] },
    active: true,
  }
}

/** As much as the link to ask for access has at most. Longer ones would not fit into the `Location` of a redirect. */
const MAX_TARGET_CHARACTERS = 2048

/** @param to - path and query of a page of ours; `again`: with another sign-in, though there is one */
export function buildSignInUrl(baseUrl: string, to: string, { again = false } = {}): string {
  const query = new URLSearchParams({
    client_id: OWN_ACCESS_CLIENT_ID,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${baseUrl}${RETURN_PATH}`,
    state: dropLongQuery(to),
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    code_challenge_method: 'S256',
    ...(again ? { prompt: 'login' } : {}),
  })
  return `${baseUrl}/authorize?${query}`
}

function dropLongQuery(target: string): string {
  return target.length > MAX_TARGET_CHARACTERS ? target.replace(/\?.*/s, '') : target
}

/** @returns where to go after sign-in: one of our own pages, whatever was sent */
export function readReturnTarget(state: unknown): string {
  if (typeof state !== 'string') return OWN_ACCESS_PATH
  const url = URL.parse(state, 'http://own.invalid')
  const isOwn = url?.host === 'own.invalid' && /^\/me(\/|$)/.test(url.pathname)
  return isOwn && url.pathname !== RETURN_PATH ? dropLongQuery(url.pathname + url.search) : OWN_ACCESS_PATH
}
