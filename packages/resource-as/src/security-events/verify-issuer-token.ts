// Verifies a JWT that a trusted issuer sends on its own: a security event, or the assertion of a revocation request.
import {
  findIssuerKey,
  type IssuerKeys,
  observeJwt,
  type PushRefusal,
  SIGNATURE_REFUSAL,
} from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { accept, isTyp, refuse, type Result, type TrustedIssuerDefinition } from '@crosswalk/protocol'

export interface ExpectedToken {
  readonly typ: string
  /** Whether an entry accepts such tokens of its issuer */
  isAccepted(entry: TrustedIssuerDefinition): boolean
  /** Name for refusals */
  readonly name: string
}

export interface VerifiedToken {
  readonly claims: Readonly<Record<string, unknown>>
  readonly issuer: string
  /** The entries of this issuer that accept such tokens; at least one */
  readonly trust: readonly [TrustedIssuerDefinition, ...TrustedIssuerDefinition[]]
  /** Its other active entries */
  readonly closed: readonly TrustedIssuerDefinition[]
}

/**
 * First `typ`, then trust, then the key: unknown issuers cause no traffic (SEC-13), and no other token passes (SEC-03).
 */
export async function verifyIssuerToken(
  token: string,
  expected: ExpectedToken,
  { snapshot, issuerKeys }: { readonly snapshot: RedemptionSnapshot; readonly issuerKeys: IssuerKeys },
): Promise<Result<VerifiedToken, PushRefusal>> {
  let trust: readonly TrustedIssuerDefinition[] = []
  let closed: readonly TrustedIssuerDefinition[] = []
  const jwt = await observeJwt(token, ({ header, claims }) => {
    if (!isTyp(header.typ, expected.typ)) return undefined
    const active = findTrust(snapshot, claims.iss)
    trust = active.filter((entry) => expected.isAccepted(entry))
    closed = active.filter((entry) => !expected.isAccepted(entry))
    const [entry] = trust
    if (entry === undefined) return undefined
    const { issuer, jwksUri, jwks, algorithms } = entry
    return {
      algorithms,
      find: () =>
        findIssuerKey(issuerKeys, { issuer, kid: header.kid, algorithm: header.alg, jwksUri, jwks }),
    }
  })
  if (jwt.state === 'unreadable' || !isTyp(jwt.typ, expected.typ))
    return refuse({ error: 'invalid_request', detail: `not one signed JWT of typ ${expected.typ}` })
  const [entry, ...others] = trust
  if (entry === undefined)
    return refuse({ error: 'invalid_issuer', detail: `no ${expected.name} are accepted from this issuer` })
  const problem = SIGNATURE_REFUSAL[jwt.signature]
  return problem === undefined
    ? accept({ claims: jwt.claims, issuer: entry.issuer, trust: [entry, ...others], closed })
    : refuse(problem)
}

function findTrust({ trusted }: RedemptionSnapshot, issuer: unknown): readonly TrustedIssuerDefinition[] {
  const entries = typeof issuer === 'string' ? (trusted.get(issuer) ?? []) : []
  return entries.filter((entry) => entry.active)
}
