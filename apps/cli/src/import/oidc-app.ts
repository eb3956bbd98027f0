// Converts an OpenID Connect client of another product to an app here. Its secret comes only from the administrator;
// its public keys are imported, private keys never.
import { isRedirectUri, omitPrivateJwkMembers } from '@crosswalk/protocol'

import { type FindSecret, type Imported, type ImportedApp, type SkippedPart, nameSecret } from './imported.ts'

/** How the client authenticates there. */
export type ForeignAuth =
  | { readonly by: 'nothing' }
  | { readonly by: 'secret'; readonly sent: 'client_secret_basic' | 'client_secret_post' }
  | { readonly by: 'keys'; readonly jwks?: unknown; readonly jwksUri?: string }
  | { readonly by: 'other'; readonly name: string }

export interface ForeignClient extends Omit<ImportedApp, 'auth' | 'backchannelLogoutUri'> {
  readonly auth: ForeignAuth
  readonly backchannelLogoutUri?: string | undefined
}

export function importClient(client: ForeignClient, findSecret: FindSecret): Partial<Imported> {
  const what = `client ${client.id}`
  if (!/^[\x20-\x7e]{1,512}$/.test(client.id))
    return { left: [{ what: 'a client', reason: 'its id is not printable ASCII' }] }
  const auth = convertAuth(client, findSecret)
  if (typeof auth === 'string') return { left: [{ what, reason: auth }] }
  const left: SkippedPart[] = []
  const keep = (uris: readonly string[], name: string) =>
    uris.filter((uri) => {
      const fits = !uri.includes('*') && isRedirectUri(uri, { anyScheme: true })
      if (!fits) left.push({ what, reason: `${name} ${uri} is not an exact URI; add the exact URIs` })
      return fits
    })
  const { id, name, kind, pkce, active, backchannelLogoutUri } = client
  const app: ImportedApp = {
    id,
    name: name.slice(0, 256) || id,
    kind,
    redirectUris: keep(client.redirectUris, 'redirect URI'),
    postLogoutRedirectUris: keep(client.postLogoutRedirectUris, 'post-logout redirect URI'),
    ...(backchannelLogoutUri === undefined ? {} : { backchannelLogoutUri }),
    ...(pkce === undefined || auth.method === 'none' ? {} : { pkce }),
    auth,
    ...(active === undefined ? {} : { active }),
  }
  return { apps: [app], left }
}

/** @returns the authentication, or the reason it cannot be imported */
function convertAuth({ id, auth }: ForeignClient, findSecret: FindSecret): ImportedApp['auth'] | string {
  if (auth.by === 'nothing') return { method: 'none' }
  if (auth.by === 'other') return `it authenticates by ${auth.name}, which is not supported here`
  if (auth.by === 'secret') {
    const variable = nameSecret(id)
    const secret = findSecret(variable)
    return secret === undefined
      ? `its secret is not exported; set ${variable} to it, or to a new one`
      : { method: auth.sent, secret }
  }
  if (auth.jwksUri !== undefined) return { method: 'private_key_jwt', jwksUri: auth.jwksUri }
  const keys = readPublicKeys(auth.jwks)
  return keys.length === 0
    ? 'its public keys are not in the export'
    : { method: 'private_key_jwt', jwks: { keys } }
}

function readPublicKeys(jwks: unknown): readonly object[] {
  const keys: unknown =
    typeof jwks === 'object' && jwks !== null ? (jwks as { keys?: unknown }).keys : undefined
  if (!Array.isArray(keys)) return []
  return keys
    .filter(
      (key): key is object => typeof key === 'object' && key !== null && 'kty' in key && key.kty !== 'oct',
    )
    .map(omitPrivateJwkMembers)
}
