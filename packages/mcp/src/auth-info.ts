// What the SDK's handlers learn about a verified caller. It does not include the token, so that no tool can pass it on
// (RS-09).
import type { Resource, Xaa } from '@crosswalk/resource'
import type { AuthInfo } from '@modelcontextprotocol/server'

export function buildAuthInfo(xaa: Xaa, guard: Resource): AuthInfo {
  return {
    token: '',
    clientId: xaa.client,
    scopes: [...xaa.scopes],
    expiresAt: xaa.expiresAt,
    resource: new URL(guard.resource),
    resourceMetadataUrl: guard.metadataUrl,
    extra: { xaa },
  }
}

/** @throws Error if the request did not pass the guard: the server is mounted without it */
export function readXaa(authInfo: { readonly extra?: Readonly<Record<string, unknown>> } | undefined): Xaa {
  const xaa = authInfo?.extra?.xaa
  if (xaa === undefined) throw new Error('no verified caller: the MCP server is not behind xaaMcp()')
  return xaa as Xaa
}
