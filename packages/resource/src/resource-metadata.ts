// Protected resource metadata (RFC 9728): how a client that knows only the API finds its authorization server.

export interface MetadataContext {
  readonly resource: string
  readonly issuer: string
  readonly scopes: readonly string[]
  readonly authorizationDetailsTypes: readonly string[]
  readonly name: string | undefined
  readonly dpopRequired: boolean
  readonly dpopAlgorithms: readonly string[]
}

export function buildResourceMetadata(context: MetadataContext): Readonly<Record<string, unknown>> {
  // offline_access only concerns client and authorization server (RS-07).
  const scopes = context.scopes.filter((scope) => scope !== 'offline_access')
  return {
    resource: context.resource,
    authorization_servers: [context.issuer],
    bearer_methods_supported: ['header'],
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    ...(context.authorizationDetailsTypes.length === 0
      ? {}
      : { authorization_details_types_supported: context.authorizationDetailsTypes }),
    ...(context.name === undefined ? {} : { resource_name: context.name }),
    dpop_signing_alg_values_supported: context.dpopAlgorithms,
    dpop_bound_access_tokens_required: context.dpopRequired,
  }
}

const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=300',
  // Public by nature; browser-based clients need it.
  'access-control-allow-origin': '*',
} as const

/** @returns the response to a request for the metadata URL */
export function renderMetadata(method: string, context: MetadataContext) {
  if (method === 'GET' || method === 'HEAD') {
    const body = method === 'GET' ? JSON.stringify(buildResourceMetadata(context)) : ''
    return { status: 200, headers: HEADERS, body }
  }
  if (method === 'OPTIONS') {
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD' }
    return { status: 204, headers: { ...headers, 'access-control-allow-headers': '*' }, body: '' }
  }
  return { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' }, body: '' }
}
