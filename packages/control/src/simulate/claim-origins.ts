// Where each claim of an ID-JAG comes from, in words for administrators, and whether it tells something about the
// user. Decides nothing about the claims.
import type { ResourceAppDefinition } from '@crosswalk/protocol'

const ORIGINS: Readonly<Record<string, string>> = {
  iss: 'this identity provider',
  aud: 'issuer of the resource app',
  client_id: 'client ID of the connection',
  jti: 'made again for each token',
  iat: 'the moment of issuance',
  exp: 'lifetime of ID-JAGs and policies',
  resource: 'resources of the connection, as asked for',
  scope: 'scopes of the connection, as asked for',
  tenant: 'tenant of the resource app',
  aud_tenant: 'audTenant of the resource app',
  sub_id: 'subId of the resource app',
  auth_time: 'sign-in of the user',
  acr: 'sign-in of the user',
  amr: 'sign-in of the user',
  cnf: 'key of the DPoP proof',
  act: 'who acts, as proved',
  authorization_details: 'as asked for',
  email_verified: 'directory, with the address',
}

export function describeOrigin(name: string, { subject, claims }: ResourceAppDefinition): string {
  if (name === 'sub') return `subject of the resource app: ${subject}`
  const source = claims[name]
  return source === undefined ? (ORIGINS[name] ?? 'the request') : `claims of the resource app: ${source}`
}

/** A pairwise subject tells nothing about the user elsewhere. */
export function isPersonal(name: string, { subject, subId, claims }: ResourceAppDefinition): boolean {
  if (name === 'sub') return subject !== 'pairwise'
  if (name === 'sub_id') return subId?.nameid !== 'pairwise'
  return Object.hasOwn(claims, name)
}
