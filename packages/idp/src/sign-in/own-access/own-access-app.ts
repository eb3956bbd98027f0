// The pages of users' own access as an app of the IdP, so that a user who is not signed in can be sent through sign-in
// and back. The app proves nothing and gets no token: no one has the verifier of its codes, and the token endpoint does
// not know it. The pages rely on the session that the sign-in creates.
import { createHash, randomBytes } from 'node:crypto'

import type { AppDefinition } from '@crosswalk/protocol'

export const OWN_ACCESS_CLIENT_ID = 'crosswalk-own-access'
export const OWN_ACCESS_PATH = '/me'
/** Where users request access that an app was denied */
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

/** The maximum length of a link to request access. Longer ones would not fit into the `Location` of a redirect. */
const MAX_TARGET_CHARACTERS = 2048

/** @param to - path and query of one of our pages; `again`: require another sign-in even if there is one */
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

/** @returns where to go after sign-in: always one of our own pages */
export function readReturnTarget(state: unknown): string {
  if (typeof state !== 'string') return OWN_ACCESS_PATH
  const url = URL.parse(state, 'http://own.invalid')
  const isOwn = url?.host === 'own.invalid' && /^\/me(\/|$)/.test(url.pathname)
  return isOwn && url.pathname !== RETURN_PATH ? dropLongQuery(url.pathname + url.search) : OWN_ACCESS_PATH
}
