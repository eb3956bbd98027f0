// M: an identity provider's metadata, and the keys that it and others publish. Pure.
import { describeValue, GRANT_TYPE, ID_JAG_PROFILE, splitUrl, TOKEN_TYPE } from '@crosswalk/protocol'

import type { Exchange } from '../http/guarded-sender.ts'
import { describeExchange } from './describe-exchange.ts'
import { findDocumentFix } from './document-problem.ts'
import { findUsualUrl, listTexts, type ServerEvidence } from './evidence.ts'
import { type DoctorCheck, found, notApplicable, pass, type Verdict } from './finding.ts'
import { judgeKeys } from './judge-keys.ts'

export type ServerCheck = DoctorCheck<ServerEvidence>

const LONGEST_CACHE_SECONDS = 86_400
const STRONG_METHODS =
  /^(private_key_jwt|tls_client_auth|self_signed_tls_client_auth|attest_jwt_client_auth)$/

export const WHY_METADATA = 'Clients find every endpoint and capability in the metadata, and nowhere else.'
export const WHY_ISSUER =
  'Issuers are compared byte for byte; with another one, audiences and trust lists match nothing.'
const FIX_METADATA =
  'Check the issuer for a typo. If it is correct, serve the metadata; the path of an issuer comes after /.well-known/oauth-authorization-server.'
const FIX_PUBLIC =
  'Serve the metadata to anyone: clients read it before they have credentials. Check the rules of the proxy in front, too.'
const FIX_FAULT =
  'Retry: the server, or the proxy in front of it, is starting, overloaded or at fault. Its log has the cause.'

/** Crosswalk reads the metadata of an identity provider strictly; that of an authorization server is for clients. */
export function judgeMetadata({ role, issuer, tried, found: document }: ServerEvidence): Verdict {
  if (document !== undefined) {
    const { url } = document.request
    const usual = findUsualUrl(url, issuer)
    if (usual !== undefined)
      return found({
        what: 'The metadata is where few clients look',
        saw: url,
        expected: usual,
        fix: `Serve it at ${usual} too (RFC 8414 section 3.1).`,
      })
    const fix = findDocumentFix(document)
    if (fix === undefined) return pass(url)
    const severity = role === 'as' ? ({ severity: 'warn' } as const) : {}
    return found({
      ...severity,
      what: 'Strict clients refuse the metadata',
      saw: describeExchange(document),
      fix,
    })
  }
  const [fixOfDocument] = tried.flatMap((answer) => findDocumentFix(answer) ?? [])
  return found({
    what:
      fixOfDocument === undefined
        ? `None of ${tried.length} URLs has metadata`
        : 'The metadata cannot be read',
    saw: tried.map(describeExchange).join('; '),
    expected: 'status 200 and a JSON object at one of them',
    fix: fixOfDocument ?? findAddressFix(issuer) ?? findStatusFix(tried),
  })
}

function findStatusFix(tried: readonly Exchange[]): string {
  if (tried.every(({ status = 0 }) => status >= 500 || status === 429)) return FIX_FAULT
  return tried.some(({ status }) => status === 401 || status === 403) ? FIX_PUBLIC : FIX_METADATA
}

function findAddressFix(issuer: string): string | undefined {
  const right = issuer.replace(/\/\.well-known\/(openid-configuration|oauth-authorization-server)/, '')
  return right === issuer ? undefined : `Name the issuer, not the URL of its metadata: probably ${right}.`
}

export function judgeIssuer({ issuer, metadata }: ServerEvidence): Verdict {
  const named = metadata?.issuer
  if (named === issuer) return pass()
  if (typeof named !== 'string')
    return found({
      what: 'The document names no issuer',
      saw: `issuer: ${named === undefined ? 'not there' : describeValue(named)}`,
      expected: issuer,
      fix: 'Publish the issuer in the document. If this is no metadata, serve the metadata there.',
    })
  const isElsewhere = splitUrl(named)?.origin !== splitUrl(issuer)?.origin
  return found({
    what: `The document names another issuer${describeDifference(issuer, named)}`,
    saw: named,
    expected: issuer,
    fix: `Use exactly ${named} everywhere.${isElsewhere ? ' If that is not its public URL, as behind a reverse proxy, set the public URL in the configuration of the server.' : ''}`,
  })
}

export const SHARED_CHECKS: readonly ServerCheck[] = [
  {
    id: 'M05',
    title: 'signing keys',
    severity: 'fail',
    why: 'Verifiers of its tokens need its public keys, distinguished by kid, and the private ones must stay secret.',
    needs: ['M01', 'R01'],
    judge: ({ role, metadata, keys }) =>
      metadata?.jwks_uri === undefined && role === 'as' ? notApplicable : judgeKeys(keys, role),
  },
  {
    id: 'M06',
    title: 'strong client authentication',
    severity: 'warn',
    why: 'A secret can leak wherever it is stored or sent; a private key never leaves the client.',
    needs: ['M01', 'R01'],
    judge: ({ metadata }) => {
      const methods = listTexts(metadata?.token_endpoint_auth_methods_supported)
      // The default is client_secret_basic (RFC 8414 section 2), but many servers that offer more list nothing.
      if (methods === undefined) return notApplicable
      return methods.some((method) => STRONG_METHODS.test(method))
        ? pass(methods.join(' '))
        : found({
            what: methods.every((method) => method === 'none')
              ? 'Clients cannot authenticate'
              : 'Clients can only authenticate with a secret',
            saw: `token_endpoint_auth_methods_supported: ${methods.join(' ')}`,
            fix: 'Offer private_key_jwt, and prefer it.',
          })
    },
  },
  {
    id: 'M07',
    title: 'how long keys are cached',
    severity: 'warn',
    why: 'Clients cache keys for this time, so a rotation must wait for it.',
    needs: ['M05'],
    judge: ({ keys }) => {
      const seconds = Number(/max-age=(\d+)/.exec(keys?.headers['cache-control'] ?? '')?.[1])
      if (Number.isNaN(seconds)) return notApplicable
      return seconds <= LONGEST_CACHE_SECONDS
        ? pass(`${seconds} s`)
        : found({
            what: `Clients may cache the keys for ${seconds} seconds`,
            saw: keys?.headers['cache-control'] ?? '',
            fix: `Publish a new key that long before it signs, or shorten max-age.`,
          })
    },
  },
]

export const IDP_CHECKS: readonly ServerCheck[] = [
  {
    id: 'M01',
    title: 'metadata of the identity provider',
    severity: 'fail',
    why: WHY_METADATA,
    judge: judgeMetadata,
  },
  {
    id: 'M02',
    title: 'issuer, byte for byte',
    severity: 'fail',
    why: WHY_ISSUER,
    needs: ['M01'],
    judge: judgeIssuer,
  },
  {
    id: 'M03',
    title: 'token exchange offered',
    severity: 'fail',
    why: 'The first leg trades an ID token for an ID-JAG by token exchange (RFC 8693).',
    needs: ['M01'],
    judge: ({ metadata }) => {
      const grants = listTexts(metadata?.grant_types_supported)
      // RFC 8414 section 2: the default for a missing list does not include token exchange.
      if (grants?.includes(GRANT_TYPE.tokenExchange) === true) return pass()
      const profiles = listTexts(metadata?.authorization_grant_profiles_supported)
      return found({
        what: 'This server does not list token exchange',
        saw: `grant_types_supported: ${grants?.join(' ') ?? 'not there'}`,
        expected: GRANT_TYPE.tokenExchange,
        fix:
          profiles?.includes(ID_JAG_PROFILE) === true
            ? 'This server redeems ID-JAGs: pass it as --as, and the identity provider that issues them as --idp.'
            : "Enable token exchange, use the product's authorization server that offers it, or put Crosswalk in front.",
      })
    },
  },
  {
    id: 'M04',
    title: 'ID-JAG as requested token type',
    severity: 'warn',
    why: 'Clients use this list to learn in advance that ID-JAGs are issued.',
    needs: ['M03'],
    judge: ({ metadata }) => {
      const types = listTexts(metadata?.identity_chaining_requested_token_types_supported)
      return types?.includes(TOKEN_TYPE.idJag) === true
        ? pass()
        : found({
            what: 'ID-JAGs are not advertised, but may work anyway',
            saw: `identity_chaining_requested_token_types_supported: ${types?.join(' ') ?? 'not there'}`,
            expected: TOKEN_TYPE.idJag,
            fix: 'Ask the vendor, or run the flow: npx crosswalk flow run.',
          })
    },
  },
  ...SHARED_CHECKS,
]

/** @returns the difference of two texts in parentheses, if it is easily overlooked */
export function describeDifference(one: string, other: string): string {
  const trim = (text: string) => text.replace(/\/$/, '')
  if (trim(one) === trim(other)) return ' (difference: a slash at the end)'
  if (one.toLowerCase() === other.toLowerCase()) return ' (difference: upper and lower case)'
  const port = (text: string) => text.replace(/:(80|443)(?=\/|$)/, '')
  return port(one) === port(other) ? ' (difference: the port)' : ''
}
