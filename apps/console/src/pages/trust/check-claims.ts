// Checks of a pasted ID-JAG that need no issuer keys. Not a decision: the endpoint also verifies signature, client and replay.
import { isObject } from '@crosswalk/protocol'

type Members = Readonly<Record<string, unknown>>

export interface ReadToken {
  readonly header: Members
  readonly claims: Members
}

export interface ClaimResult {
  readonly what: 'typ' | 'aud' | 'iss' | 'alg' | 'exp'
  readonly good: boolean
  readonly value: string
}

interface Server {
  readonly id: string
  readonly issuer: string
  readonly trustedIssuers: readonly {
    readonly issuer: string
    readonly active: boolean
    readonly algorithms: readonly string[]
  }[]
}

const TYPE = 'oauth-id-jag+jwt'

/** @returns undefined if it is not a signed JWT */
export function readToken(pasted: string): ReadToken | undefined {
  const [header, claims, signature, ...more] = pasted.trim().split('.')
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
    return undefined
  const read = { header: decode(header), claims: decode(claims) }
  return read.header === undefined || read.claims === undefined ? undefined : (read as ReadToken)
}

function decode(part: string): Members | undefined {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    )
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** @param nowSeconds - epoch seconds */
export function checkClaims(
  { header, claims }: ReadToken,
  servers: readonly Server[],
  nowSeconds: number,
): readonly ClaimResult[] {
  const audience = show(claims['aud'])
  const server = servers.find(({ issuer }) => issuer === audience)
  const trusted = server?.trustedIssuers.find(({ issuer, active }) => active && issuer === claims['iss'])
  const { exp } = claims
  return [
    { what: 'typ', good: header['typ'] === TYPE, value: show(header['typ']) },
    { what: 'aud', good: server !== undefined, value: audience },
    { what: 'iss', good: trusted !== undefined, value: show(claims['iss']) },
    {
      what: 'alg',
      good: trusted?.algorithms.includes(show(header['alg'])) === true,
      value: show(header['alg']),
    },
    {
      what: 'exp',
      good: typeof exp === 'number' && exp > nowSeconds,
      value: typeof exp === 'number' ? new Date(exp * 1000).toISOString() : show(exp),
    },
  ]
}

function show(value: unknown): string {
  if (value === undefined) return '–'
  if (Array.isArray(value) && value.length === 1) return show(value[0])
  return typeof value === 'string' ? value : JSON.stringify(value)
}
