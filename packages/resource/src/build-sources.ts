// The sources of keys and introspection results, according to the options of the resource.
import { createLocalInspector, Introspector } from './introspector.ts'
import { createKeyFinder, KeySource } from './key-source.ts'
import { InvalidResourceOptions, type ResourceOptions } from './options.ts'
import { IssuerMetadata, type ServerAccess } from './server-access.ts'
import type { TokenSources } from './verify-token.ts'

/** @throws InvalidResourceOptions if the keys are not a JWKS */
export function buildSources(options: ResourceOptions, nowMs: () => number): TokenSources {
  const access: ServerAccess = {
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    nowMs,
    timeoutMs: options.timeoutMs ?? 5000,
  }
  const { issuer, jwks, jwksUri, introspection, introspect } = options
  const metadata = new IssuerMetadata(access, issuer)
  const given = jwks === undefined ? undefined : createKeyFinder(jwks)
  if (jwks !== undefined && given === undefined) throw new InvalidResourceOptions(['jwks: not a JWKS'])
  const keys = new KeySource(access, async () => jwksUri ?? (await metadata.findEndpoint('jwks_uri')))
  const findEndpoint = async () =>
    introspection?.endpoint ?? (await metadata.findEndpoint('introspection_endpoint'))
  const near = introspect === undefined ? undefined : createLocalInspector(introspect)
  const far = introspection === undefined ? undefined : new Introspector(access, introspection, findEndpoint)
  return { findKey: given ?? keys.find, inspector: near ?? far }
}
