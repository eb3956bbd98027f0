// Removes identifiers from paths: parts that no route spells out become `:id`.
import { ROUTES } from '@crosswalk/admin-api'

const WORDS = [
  'admin api v1 assets sign-in sign-out',
  'as authorize token introspect revoke security-events global-token-revocation jwks jwks.json par request userinfo session end',
  'interaction login me ask requests blocked saml metadata acs backchannel-logout end_session callback',
  '.well-known openid-configuration oauth-authorization-server oauth-protected-resource ssf-configuration',
].flatMap((line) => line.split(' '))

const KNOWN: ReadonlySet<string> = new Set([
  ...WORDS,
  ...Object.values(ROUTES).flatMap(({ path }) => path.split('/').filter((part) => !part.startsWith('{'))),
])

const MAX_PARTS = 8

export function hidePathIds(path: string): string {
  const parts = path.split('/').slice(1, 1 + MAX_PARTS)
  return `/${parts.map((part, index) => (isServerName(parts, index) || KNOWN.has(part) ? part : ':id')).join('/')}`
}

/** Ids of authorization servers are not secret, and log lines would be indistinguishable without them. */
function isServerName(parts: readonly string[], index: number): boolean {
  return index === 1 && parts[0] === 'as' && /^[\w-]{1,64}$/.test(parts[index] ?? '')
}
