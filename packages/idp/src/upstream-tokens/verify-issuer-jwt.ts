// Verifies a JWT that a subject issuer sends on its own: a logout token or a security event. Uses only keys of that
// issuer; unknown senders cause no traffic (SEC-13).
import { type DecodedJws, observeJwt, type PushRefusal, SIGNATURE_REFUSAL } from '@crosswalk/as-core'
import type { ExchangeSnapshot } from '@crosswalk/policy'
import { accept, refuse, type Result, type SubjectIssuerDefinition } from '@crosswalk/protocol'

import { chooseUpstreamKey, findSubjectIssuer, type UpstreamTokenSources } from './observe-upstream.ts'

export interface IssuerJwt {
  readonly claims: Readonly<Record<string, unknown>>
  readonly trust: SubjectIssuerDefinition
}

/** @param isExpected - whether the token has the expected type; checked before anything is fetched */
export async function verifyIssuerJwt(
  text: string,
  snapshot: Pick<ExchangeSnapshot, 'subjectIssuers'>,
  {
    keysOf,
    isExpected,
  }: Pick<UpstreamTokenSources, 'keysOf'> & {
    isExpected(decoded: DecodedJws, trust: SubjectIssuerDefinition): boolean
  },
): Promise<Result<IssuerJwt, PushRefusal>> {
  let trust: SubjectIssuerDefinition | undefined
  let expected = false
  const jwt = await observeJwt(text, (decoded) => {
    trust = findSubjectIssuer(snapshot, decoded.claims['iss'])
    expected = trust !== undefined && isExpected(decoded, trust)
    return trust === undefined || !expected
      ? undefined
      : chooseUpstreamKey(trust, keysOf(trust), decoded.header)
  })
  if (jwt.state === 'unreadable') return refuse({ error: 'invalid_request', detail: 'not one signed JWT' })
  if (trust === undefined)
    return refuse({ error: 'invalid_issuer', detail: 'not an issuer that is trusted here' })
  if (!expected) return refuse({ error: 'invalid_request', detail: 'not the expected kind of token' })
  const refusal = SIGNATURE_REFUSAL[jwt.signature]
  return refusal === undefined ? accept({ claims: jwt.claims, trust }) : refuse(refusal)
}
