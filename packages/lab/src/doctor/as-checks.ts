// R: an authorization server's metadata, and whether it is a different party than the identity provider. Pure.
import { isLoopbackHost } from '@crosswalk/as-core'
import { describeValue, GRANT_TYPE, ID_JAG_PROFILE } from '@crosswalk/protocol'

import { type Json, listKeys, listTexts, type ServerEvidence } from './evidence.ts'
import { found, notApplicable, pass, type Verdict } from './finding.ts'
import {
  judgeMetadata,
  judgeIssuer,
  type ServerCheck,
  SHARED_CHECKS,
  WHY_ISSUER,
  WHY_METADATA,
} from './server-checks.ts'

export const AS_CHECKS: readonly ServerCheck[] = [
  {
    id: 'R01',
    title: 'metadata of the authorization server, issuer byte for byte',
    severity: 'fail',
    why: `${WHY_METADATA} ${WHY_ISSUER}`,
    judge: (evidence) => {
      const document = judgeMetadata(evidence)
      return document.result === 'found' ? document : judgeIssuer(evidence)
    },
  },
  {
    id: 'R02',
    title: 'accepts ID-JAGs',
    severity: 'fail',
    why: 'The second leg redeems the ID-JAG with the grant type jwt-bearer (RFC 7523), or jwt-dpop.',
    needs: ['R01'],
    judge: ({ metadata }) => {
      const grants = listTexts(metadata?.grant_types_supported)
      const redeeming: readonly string[] = [GRANT_TYPE.jwtBearer, GRANT_TYPE.jwtDpop]
      return grants?.some((grant) => redeeming.includes(grant)) === true
        ? pass()
        : found({
            what: 'This authorization server does not list a grant for ID-JAGs',
            saw: `grant_types_supported: ${grants?.join(' ') ?? 'not there'}`,
            expected: GRANT_TYPE.jwtBearer,
            fix: 'Enable the grant jwt-bearer there (in Crosswalk: list an issuer under `trustedIssuers`), or put the Resource Authorization Server of Crosswalk in front.',
          })
    },
  },
  {
    id: 'R03',
    title: 'lists the ID-JAG profile',
    severity: 'warn',
    why: 'Clients use this list to learn that the server accepts ID-JAGs, not just any assertion.',
    needs: ['R02'],
    judge: ({ metadata }) => {
      const profiles = listTexts(metadata?.authorization_grant_profiles_supported)
      return profiles?.includes(ID_JAG_PROFILE) === true
        ? pass()
        : found({
            what: 'Clients cannot discover that ID-JAGs are accepted',
            saw: `authorization_grant_profiles_supported: ${profiles?.join(' ') ?? 'not there'}`,
            expected: ID_JAG_PROFILE,
            fix: `Add ${ID_JAG_PROFILE} to the list.`,
          })
    },
  },
  {
    id: 'R04',
    title: 'another issuer than the identity provider, with other keys',
    severity: 'fail',
    why: 'The ID-JAG crosses from one trust domain to another; an issuer that trusts its own grants decides nothing.',
    needs: ['R01'],
    judge: (evidence) => judgeApart(evidence),
  },
  {
    id: 'R08',
    title: 'tokens can be introspected or revoked',
    severity: 'info',
    why: 'Without one of these a revoked access token lives until it expires.',
    needs: ['R01'],
    judge: ({ metadata }) =>
      metadata?.introspection_endpoint !== undefined || metadata?.revocation_endpoint !== undefined
        ? pass()
        : found({
            what: 'The server lists neither introspection nor revocation',
            saw: 'no introspection_endpoint, no revocation_endpoint',
            fix: 'Add introspection, or a receiver of security events, so that revocation takes effect sooner.',
          }),
  },
  {
    id: 'N06',
    title: 'can fetch the keys of the identity provider',
    severity: 'warn',
    why: 'An authorization server verifies ID-JAGs with the keys of their issuer, which it has to reach.',
    judge: ({ issuer, otherIssuer }) => {
      if (otherIssuer === undefined || isLocal(issuer)) return notApplicable
      return isLocal(otherIssuer)
        ? found({
            what: `${issuer} cannot fetch keys from ${otherIssuer}, which only this machine reaches`,
            saw: otherIssuer,
            expected: 'an issuer with a public host name',
            fix: 'Serve the IdP under a public name; for a test, use a tunnel and set `baseUrl` to its https URL.',
          })
        : pass()
    },
  },
  ...SHARED_CHECKS,
]

function isLocal(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname)
}

function judgeApart(evidence: ServerEvidence): Verdict {
  const { issuer, otherIssuer, otherKeys = [] } = evidence
  if (otherIssuer === undefined) return notApplicable
  if (issuer === otherIssuer)
    return found({
      what: 'Both sides are the same issuer',
      saw: issuer,
      expected: 'an authorization server with its own issuer',
      fix: 'Give the resource its own authorization server: `authorizationServers` of the configuration.',
    })
  const others = new Set(otherKeys.flatMap(readPublicValues))
  const shared = listKeys(evidence.keys).filter((key) => readPublicValues(key).some((it) => others.has(it)))
  return shared.length === 0
    ? pass()
    : found({
        what: 'Both sides publish the same keys',
        saw: `kid ${shared.map(({ kid }) => describeValue(kid)).join(' ')}`,
        fix: 'Give each issuer its own keys.',
      })
}

/** Members that make up a public key, of every key type; any two sides may choose the same kid. */
const PUBLIC_VALUES = ['x', 'y', 'n', 'pub']

/** @returns one text that only equal keys have, or none for a key without public values */
function readPublicValues(key: Json): readonly string[] {
  const values = PUBLIC_VALUES.map((name) => key[name])
  return values.some((value) => typeof value === 'string')
    ? [JSON.stringify([key.kty, key.crv, ...values])]
    : []
}
