// Reads the token of a request: only from the Authorization header (RFC 6750 section 2.1; tokens in the query are
// refused, since URLs end up in logs).
import { accept, refuse, type Result, splitUrl } from '@crosswalk/protocol'

import { buildRefusal, type TokenRefusal } from './token-refusal.ts'

/** The parts of a request that are used; a `Request` has them. */
export interface RequestHead {
  readonly method: string
  /** Absolute, or the path and query alone */
  readonly url: string
  readonly headers: { get(name: string): string | null }
}

/** A request in Node.js. */
interface NodeHead {
  readonly method: string
  /** A path, or an absolute URL */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export function readNodeHead({ method, url, headers }: NodeHead, resource: string): RequestHead {
  const { origin } = splitUrl(resource) ?? { origin: '' }
  return {
    method,
    url: url.startsWith('/') ? `${origin}${url}` : url,
    headers: {
      get: (name) => {
        const value = headers[name.toLowerCase()]
        return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
      },
    },
  }
}

export interface Credentials {
  readonly scheme: 'Bearer' | 'DPoP'
  readonly token: string
}

const CREDENTIALS = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)$/i
const MAX_TOKEN_CHARACTERS = 16_384

export function readCredentials(request: RequestHead): Result<Credentials, TokenRefusal> {
  if (/[?&]access_token=/i.test(request.url)) return refuse(malformed('the token is in the query', 'Bearer'))
  const header = request.headers.get('authorization')
  const scheme = /^dpop\b/i.test(header ?? '') ? 'DPoP' : 'Bearer'
  // Another scheme counts as no token: the challenge states how to get one.
  if (header === null || !/^(bearer|dpop)( |$)/i.test(header))
    return refuse(buildRefusal('XAA3001', 'no token'))
  const [, , token] = CREDENTIALS.exec(header) ?? []
  if (token === undefined) return refuse(malformed('the Authorization header is malformed', scheme))
  if (token.length > MAX_TOKEN_CHARACTERS) return refuse(malformed('the token is too long', scheme))
  return accept({ scheme, token })
}

/** Whether a request has a token or tries to send one: only without one may other authentication apply. */
export function hasToken(request: RequestHead): boolean {
  const credentials = readCredentials(request)
  return credentials.accepted || credentials.refusal.code !== 'XAA3001'
}

function malformed(detail: string, scheme: Credentials['scheme']): TokenRefusal {
  return buildRefusal('XAA3008', detail, { status: 400, error: 'invalid_request', scheme })
}
