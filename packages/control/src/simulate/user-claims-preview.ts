// What the API would learn about the user from the access token that an ID-JAG is redeemed for, where the authorization server
// of the resource runs here. Built by what the token endpoint uses; the account is not looked up.
import type { TokenPreview } from '@crosswalk/admin-api'
import { buildUserClaims, findTrust, listUserClaims, type RedemptionSnapshot } from '@crosswalk/policy'
import { type IdJagClaims, readResourceClaim } from '@crosswalk/protocol'

type Shown = NonNullable<TokenPreview['atResource']>

/** @returns null where no authorization server here would take the ID-JAG */
export function previewUserClaims(
  idJag: IdJagClaims,
  servers: readonly RedemptionSnapshot[],
): TokenPreview['atResource'] {
  const server = servers.find(({ issuer }) => issuer === idJag.aud)
  const trust = server === undefined ? undefined : findTrust(server, idJag.iss, idJag.tenant)
  if (server === undefined || trust === undefined) return null
  const named = readResourceClaim(idJag.resource) ?? []
  // Without the claim, the token is for the only resource of the server.
  const resource = named.length > 0 ? named : [...server.resources.keys()]
  const sources = new Map(listUserClaims(server, resource))
  const claims = Object.entries(buildUserClaims({ resource, idJag, trust }, server) ?? {})
  return [
    ...claims.map(([name, value]): Shown[number] => ({
      name,
      value,
      origin: describeSource(name, sources),
      personal: name !== 'tenant',
    })),
    ...[...sources]
      .filter(([, source]) => source.startsWith('account.'))
      .map(([name, source]) => ({ name, value: null, origin: `${source} at ${server.id}`, personal: true })),
  ]
}

function describeSource(name: string, sources: ReadonlyMap<string, string>): string {
  if (name === 'email_verified') return 'the issuer, for its own e-mail domains'
  const source = sources.get(name)
  return source === undefined
    ? 'named because the server keeps no account'
    : `claims of the resource: ${source}`
}
