// Deliberate faults: what is changed, where it must be refused and for which reason, and what is gained where it is not.
// Those that forge a token sign with a key made here, which nobody trusts.
import { clientSecret } from '@crosswalk/client'
import { JWT_TYP, TOKEN_TYPE } from '@crosswalk/protocol'
import { base64url, decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'

import { buildTokenRequest, type CallDraft, type TokenDraft } from './drafts.ts'
import type { Flow } from './flow-parties.ts'
import type { LegName, Received } from './flow-run.ts'

interface Expectation {
  /** OAuth errors that fit; `''` for an answer without one */
  readonly errors: readonly string[]
  /** Decision codes of ours that fit */
  readonly codes: readonly string[]
}

interface FaultOf<Name extends LegName, Draft> extends Expectation {
  readonly id: string
  readonly leg: Name
  readonly changes: string
  /** What an attacker has where it is taken */
  readonly gain: string
  /** Its signature is wrong too, so that the wire alone does not show for which of the two it is refused */
  readonly alsoForged?: true
  /** Where taking it need not be wrong, why */
  readonly mayBeTaken?: string
  change(draft: Draft, around: { readonly flow: Flow; readonly received: Received }): Draft | Promise<Draft>
}

export type Fault =
  FaultOf<'exchange', TokenDraft> | FaultOf<'redemption', TokenDraft> | FaultOf<'call', CallDraft>

const UNKNOWN = 'https://crosswalk-unknown.example'
const target = { errors: ['invalid_target', 'invalid_request', 'access_denied'] }
const grant = { errors: ['invalid_grant', 'invalid_request'] }
const invalidGrant = { errors: ['invalid_grant'] }

const set =
  (params: Readonly<Record<string, string>>) =>
  (draft: TokenDraft): TokenDraft => ({ ...draft, params: { ...draft.params, ...params } })

const drop =
  (name: string) =>
  (draft: TokenDraft): TokenDraft => ({
    ...draft,
    params: Object.fromEntries(Object.entries(draft.params).filter(([it]) => it !== name)),
  })

const withWrongSecret = (draft: TokenDraft): TokenDraft => ({
  ...draft,
  party: { ...draft.party, auth: clientSecret('a secret that nobody was given') },
})

export const FAULTS: readonly Fault[] = [
  {
    id: 'audience-unknown',
    leg: 'exchange',
    changes: 'audience is an issuer that nobody registered',
    gain: 'a grant addressed to a server of the own choice',
    ...target,
    codes: ['XAA1301'],
    change: set({ audience: UNKNOWN }),
  },
  {
    id: 'audience-slash',
    leg: 'exchange',
    changes: 'audience has a slash too many, or lacks one',
    gain: 'a grant that some server may take for its own by mistake',
    ...target,
    codes: ['XAA1302', 'XAA1301'],
    change: (draft) => set({ audience: toggleSlash(draft.params.audience ?? '') })(draft),
  },
  {
    id: 'audience-idp',
    leg: 'exchange',
    changes: 'audience is the identity provider itself',
    gain: 'a grant that crosses no border, decided by nobody else',
    ...target,
    codes: ['XAA1306', 'XAA1301'],
    change: (draft) => set({ audience: draft.party.issuer })(draft),
  },
  {
    id: 'no-resource',
    leg: 'exchange',
    changes: 'resource is left out',
    gain: 'a grant for more products than were meant',
    ...target,
    codes: ['XAA1305'],
    mayBeTaken: 'with one product behind the audience, nothing is ambiguous',
    change: drop('resource'),
  },
  {
    id: 'resource-unknown',
    leg: 'exchange',
    changes: 'resource is one that nobody registered',
    gain: 'a grant for a resource that no administrator allowed',
    ...target,
    codes: ['XAA1303', 'XAA1304'],
    change: set({ resource: `${UNKNOWN}/api` }),
  },
  {
    id: 'scope-unknown',
    leg: 'exchange',
    changes: 'scope is one that nobody defined',
    gain: 'a scope that no administrator allowed',
    errors: ['invalid_scope', 'access_denied', 'invalid_request', 'unauthorized_client'],
    codes: ['XAA1601', 'XAA1602'],
    change: set({ scope: 'crosswalk.unknown' }),
  },
  {
    id: 'wrong-secret',
    leg: 'exchange',
    changes: 'the client sends a wrong secret to the IdP',
    gain: 'grants for anybody who knows a client id',
    errors: ['invalid_client'],
    codes: ['XAA1101'],
    change: withWrongSecret,
  },
  {
    id: 'id-token-tampered',
    leg: 'exchange',
    changes: 'one byte of the signature of the ID token is another',
    gain: 'grants for people who never signed in',
    ...grant,
    codes: ['XAA1201'],
    change: (draft, { received }) => set({ subject_token: tamper(received.idToken) })(draft),
  },
  {
    id: 'id-token-unsigned',
    leg: 'exchange',
    changes: 'the ID token says alg none and has no signature',
    gain: 'grants for people who never signed in',
    ...grant,
    codes: ['XAA1201', 'XAA1208'],
    change: (draft, { received }) => set({ subject_token: unsign(received.idToken) })(draft),
  },
  {
    id: 'no-subject-token',
    leg: 'exchange',
    changes: 'subject_token is left out',
    gain: 'grants for nobody in particular',
    errors: ['invalid_request', 'invalid_grant'],
    codes: ['XAA1001'],
    change: drop('subject_token'),
  },
  {
    id: 'wrong-requested-type',
    leg: 'exchange',
    changes: 'an access token is asked for instead of an ID-JAG',
    gain: 'a token of the IdP where a grant for another server was meant',
    errors: ['invalid_request', 'invalid_target', 'unauthorized_client', 'access_denied'],
    codes: ['XAA1002'],
    mayBeTaken: 'the IdP may exchange other tokens too',
    change: set({ requested_token_type: TOKEN_TYPE.accessToken }),
  },
  {
    id: 'signature',
    leg: 'redemption',
    changes: 'one byte of the signature of the ID-JAG is another',
    gain: 'access for anybody who can write an ID-JAG',
    ...invalidGrant,
    codes: ['XAA2203'],
    change: (draft, { received }) => set({ assertion: tamper(received.idJag ?? '') })(draft),
  },
  {
    id: 'unknown-key',
    leg: 'redemption',
    changes: 'the ID-JAG is signed by a key that the IdP does not publish',
    gain: 'access for anybody who can write an ID-JAG',
    ...invalidGrant,
    codes: ['XAA2203'],
    change: async (draft, { received }) =>
      set({ assertion: await forge(received, {}, { kid: 'crosswalk-unknown' }) })(draft),
  },
  {
    id: 'wrong-typ',
    leg: 'redemption',
    changes: 'the ID-JAG says typ JWT, and is forged',
    alsoForged: true,
    gain: 'a token made for something else, spent as a grant',
    ...invalidGrant,
    codes: ['XAA2201'],
    change: async (draft, { received }) =>
      set({ assertion: await forge(received, {}, { typ: 'JWT' }) })(draft),
  },
  {
    id: 'alg-none',
    leg: 'redemption',
    changes: 'the ID-JAG says alg none and has no signature',
    gain: 'access for anybody who can write an ID-JAG',
    ...invalidGrant,
    codes: ['XAA2205', 'XAA2201'],
    change: (draft, { received }) => set({ assertion: unsign(received.idJag ?? '') })(draft),
  },
  {
    id: 'issuer-unknown',
    leg: 'redemption',
    changes: 'the ID-JAG is of an issuer that nobody trusts, and is forged',
    alsoForged: true,
    gain: 'access decided by a company of the own choice',
    ...invalidGrant,
    codes: ['XAA2202'],
    change: async (draft, { received }) => set({ assertion: await forge(received, { iss: UNKNOWN }) })(draft),
  },
  {
    id: 'replay',
    leg: 'redemption',
    changes: 'the ID-JAG is redeemed a second time',
    gain: 'another access token from a grant that was seen once',
    ...invalidGrant,
    codes: ['XAA2209'],
    mayBeTaken: 'the server may take an ID-JAG until it expires',
    change: async (draft, { flow }) => {
      await flow.sender.send(await buildTokenRequest(draft, flow.nowMs()))
      return draft
    },
  },
  {
    id: 'wrong-secret-there',
    leg: 'redemption',
    changes: 'the client sends a wrong secret to the authorization server',
    gain: 'access for whoever finds an ID-JAG',
    errors: ['invalid_client'],
    codes: ['XAA2101'],
    change: withWrongSecret,
  },
  {
    id: 'scope-beyond',
    leg: 'redemption',
    changes: 'scope asks for more than the ID-JAG carries',
    gain: 'more than the company allowed',
    errors: ['invalid_scope', 'access_denied', 'invalid_grant'],
    codes: ['XAA2401'],
    change: set({ scope: 'crosswalk.unknown' }),
  },
  {
    id: 'resource-beyond',
    leg: 'redemption',
    changes: 'resource asks for another one than the ID-JAG names',
    gain: 'access to a sibling of what the company allowed',
    errors: ['invalid_target', 'invalid_grant'],
    codes: ['XAA2217'],
    change: set({ resource: `${UNKNOWN}/api` }),
  },
  {
    id: 'no-assertion',
    leg: 'redemption',
    changes: 'assertion is left out',
    gain: 'access without a grant',
    errors: ['invalid_request', 'invalid_grant'],
    codes: ['XAA2002'],
    change: drop('assertion'),
  },
  {
    id: 'no-token',
    leg: 'call',
    changes: 'the API is called without a token',
    gain: 'everything',
    errors: ['', 'invalid_token'],
    codes: ['XAA3001'],
    change: (draft) => ({ ...draft, token: undefined }),
  },
  {
    id: 'access-token-tampered',
    leg: 'call',
    changes: 'one byte of the end of the access token is another',
    gain: 'access for anybody who can write a token',
    errors: ['invalid_token', ''],
    codes: ['XAA3008'],
    change: (draft, { received }) => ({ ...draft, token: tamper(received.accessToken ?? '') }),
  },
  {
    id: 'id-jag-as-access-token',
    leg: 'call',
    changes: 'the API is called with the ID-JAG, already redeemed, instead of the access token',
    gain: 'access past the authorization server',
    errors: ['invalid_token', ''],
    codes: ['XAA3005', 'XAA3008'],
    change: (draft, { received }) => ({ ...draft, token: received.idJag }),
  },
]

export function findFault(id: string): Fault | undefined {
  return FAULTS.find((fault) => fault.id === id)
}

function toggleSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : `${text}/`
}

/** Changes a byte in the middle of the last part: the very last character may carry bits that mean nothing. */
function tamper(token: string): string {
  const start = token.lastIndexOf('.') + 1
  const at = start + Math.floor((token.length - start) / 2)
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

function unsign(token: string): string {
  const { kid, typ } = decodeProtectedHeader(token)
  return [base64url.encode(JSON.stringify({ alg: 'none', typ, kid })), token.split('.')[1] ?? '', ''].join(
    '.',
  )
}

/** The same claims under a key made here, with the `kid` of the genuine one unless another is given. */
async function forge(
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
