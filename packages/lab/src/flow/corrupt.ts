// Ways to corrupt a request or a token. Forgeries are signed with a key created here, which no server trusts.
import { clientSecret } from '@crosswalk/client'
import { CLIENT_ASSERTION_TYPE, JWT_TYP } from '@crosswalk/protocol'
import { base64url, decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'

import type { TokenDraft } from './drafts.ts'
import type { Received } from './flow-run.ts'

/** An origin that does not exist (RFC 2606). */
export const UNKNOWN = 'https://crosswalk-unknown.example'
export const UNKNOWN_RESOURCE = `${UNKNOWN}/api`
export const UNKNOWN_SCOPE = 'crosswalk.unknown'
export const UNKNOWN_TYPE = 'urn:crosswalk:unknown'
/** A quotation mark cannot be part of a scope (RFC 6749 section 3.3). */
export const MALFORMED_SCOPE = 'crosswalk."unknown"'

export const set =
  (params: Readonly<Record<string, string>>) =>
  (draft: TokenDraft): TokenDraft => ({ ...draft, params: { ...draft.params, ...params } })

export const withHeaders =
  (headers: Readonly<Record<string, string>>) =>
  (draft: TokenDraft): TokenDraft => ({ ...draft, headers })

export const drop =
  (name: string) =>
  (draft: TokenDraft): TokenDraft => ({
    ...draft,
    params: Object.fromEntries(Object.entries(draft.params).filter(([it]) => it !== name)),
  })

export const withWrongSecret = (draft: TokenDraft): TokenDraft => ({
  ...draft,
  party: { ...draft.party, auth: clientSecret('a secret that was never issued') },
})

export const withMalformedAssertion = (draft: TokenDraft): TokenDraft => ({
  ...draft,
  party: {
    ...draft.party,
    auth: {
      kind: 'private_key_jwt',
      build: async ({ clientId }) => ({
        headers: {},
        params: {
          client_id: clientId,
          client_assertion_type: CLIENT_ASSERTION_TYPE,
          client_assertion: 'crosswalk-unknown',
        },
      }),
    },
  },
})

export function toggleSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : `${text}/`
}

/** Changes a byte in the middle of the last part: the last character may contain unused bits. */
export function tamper(token: string): string {
  const start = token.lastIndexOf('.') + 1
  const at = start + Math.floor((token.length - start) / 2)
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

export function removeSignature(token: string): string {
  const { kid, typ } = decodeProtectedHeader(token)
  return [base64url.encode(JSON.stringify({ alg: 'none', typ, kid })), token.split('.')[1] ?? '', ''].join(
    '.',
  )
}

/** Changes claims but keeps the genuine signature. */
export function editClaims(token: string, claims: Readonly<Record<string, unknown>>): string {
  const [header = '', , signature = ''] = token.split('.')
  return [header, base64url.encode(JSON.stringify({ ...decodeJwt(token), ...claims })), signature].join('.')
}

/** Signs the same claims with a key created here, with the `kid` of the genuine one unless another is set. */
export async function forge(
  { idJag = '' }: Received,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256')
  const { kid } = decodeProtectedHeader(idJag)
  return new SignJWT({ ...decodeJwt(idJag), ...claims })
    .setProtectedHeader({
      alg: 'ES256',
      typ: JWT_TYP.idJag,
      ...(kid === undefined ? {} : { kid }),
      ...header,
    })
    .sign(privateKey)
}
