// Faults in the redemption of an ID-JAG, and in the call of the API.
import { buildTokenRequest } from './drafts.ts'
import type { CallFaultRow, TokenFaultRow } from './fault.ts'
import { audiences, claim, scopesOf } from './leg-checks.ts'
import {
  drop,
  MALFORMED_SCOPE,
  UNKNOWN_TYPE,
  withHeaders,
  editClaims,
  forge,
  set,
  tamper,
  UNKNOWN,
  UNKNOWN_RESOURCE,
  UNKNOWN_SCOPE,
  removeSignature,
  withWrongSecret,
} from './corrupt.ts'

const invalidGrant = { errors: ['invalid_grant'] }

export const REDEMPTION_FAULTS: readonly TokenFaultRow[] = [
  {
    id: 'signature',
    changes: "one byte of the ID-JAG's signature is changed",
    gain: 'access for anyone who can write an ID-JAG',
    ...invalidGrant,
    codes: ['XAA2203'],
    change: (draft, { received }) => set({ assertion: tamper(received.idJag ?? '') })(draft),
  },
  {
    id: 'claims-edited',
    changes: 'the scope inside the ID-JAG is widened after signing',
    gain: 'any access, for every app',
    ...invalidGrant,
    codes: ['XAA2203'],
    change: (draft, { received }) =>
      set({ assertion: editClaims(received.idJag ?? '', { scope: UNKNOWN_SCOPE }) })(draft),
  },
  {
    id: 'id-token-as-grant',
    changes: 'the ID token is sent instead of the ID-JAG',
    gain: 'access anywhere for every app that users sign in to',
    ...invalidGrant,
    codes: ['XAA2201'],
    change: (draft, { received }) => set({ assertion: received.idToken })(draft),
  },
  {
    id: 'unknown-key',
    changes: 'the ID-JAG is signed by a key that the IdP does not publish',
    gain: 'access for anyone who can write an ID-JAG',
    ...invalidGrant,
    codes: ['XAA2203'],
    change: async (draft, { received }) =>
      set({ assertion: await forge(received, {}, { kid: 'crosswalk-unknown' }) })(draft),
  },
  {
    id: 'wrong-typ',
    changes: 'the ID-JAG has typ JWT, and is forged',
    alsoForged: true,
    gain: 'a token for another purpose, used as a grant',
    ...invalidGrant,
    codes: ['XAA2201'],
    change: async (draft, { received }) =>
      set({ assertion: await forge(received, {}, { typ: 'JWT' }) })(draft),
  },
  {
    id: 'alg-none',
    changes: 'the ID-JAG has alg none and no signature',
    gain: 'access for anyone who can write an ID-JAG',
    ...invalidGrant,
    codes: ['XAA2205', 'XAA2201'],
    change: (draft, { received }) => set({ assertion: removeSignature(received.idJag ?? '') })(draft),
  },
  {
    id: 'issuer-unknown',
    changes: 'the ID-JAG is from an untrusted issuer, and is forged',
    alsoForged: true,
    gain: 'access decided by a company that the attacker chose',
    ...invalidGrant,
    codes: ['XAA2202'],
    change: async (draft, { received }) => set({ assertion: await forge(received, { iss: UNKNOWN }) })(draft),
  },
  {
    id: 'replay',
    changes: 'the ID-JAG is redeemed a second time',
    gain: 'another access token from a grant that was intercepted once',
    ...invalidGrant,
    codes: ['XAA2209'],
    mayBeTaken: 'the server may accept an ID-JAG until it expires',
    change: async (draft, { flow }) => {
      await flow.sender.send(await buildTokenRequest(draft, flow.nowMs()))
      return draft
    },
  },
  {
    id: 'wrong-secret-there',
    changes: 'the client sends a wrong secret to the authorization server',
    gain: 'access for anyone who finds an ID-JAG',
    errors: ['invalid_client'],
    codes: ['XAA2101'],
    change: withWrongSecret,
  },
  {
    id: 'scope-beyond',
    changes: 'scope requests more than the ID-JAG contains',
    gain: 'more than the company allowed',
    errors: ['invalid_scope', 'access_denied', 'invalid_grant'],
    codes: ['XAA2401'],
    isGained: ({ token, response: { body } }) => {
      const granted = claim(token, 'scope') ?? (typeof body === 'string' ? undefined : body.scope)
      return granted === undefined ? undefined : scopesOf(granted).includes(UNKNOWN_SCOPE)
    },
    change: set({ scope: UNKNOWN_SCOPE }),
  },
  {
    id: 'resource-beyond',
    changes: 'resource requests another one than the ID-JAG names',
    gain: 'access to a sibling of what the company allowed',
    errors: ['invalid_target', 'invalid_grant'],
    codes: ['XAA2217'],
    isGained: ({ token }) => (token === undefined ? undefined : audiences(token).includes(UNKNOWN_RESOURCE)),
    change: set({ resource: UNKNOWN_RESOURCE }),
  },
  {
    id: 'no-assertion',
    changes: 'assertion is omitted',
    gain: 'access without a grant',
    errors: ['invalid_request', 'invalid_grant'],
    codes: ['XAA2002'],
    change: drop('assertion'),
  },
  {
    id: 'grant-type-unknown-there',
    changes: 'grant_type is an undefined one',
    gain: 'tokens without any of the checks of a grant',
    errors: ['unsupported_grant_type', 'invalid_request', 'unauthorized_client'],
    codes: ['XAA2001'],
    change: set({ grant_type: UNKNOWN_TYPE }),
  },
  {
    id: 'scope-malformed-there',
    changes: 'scope contains a quotation mark',
    gain: 'a scope that the API may read differently',
    errors: ['invalid_scope', 'invalid_request', 'invalid_grant'],
    codes: ['XAA2404', 'XAA2401'],
    mayBeTaken: 'the server may grant the scopes of the ID-JAG and ignore the parameter',
    change: set({ scope: MALFORMED_SCOPE }),
  },
  {
    id: 'dpop-malformed-there',
    changes: 'the DPoP proof is arbitrary text',
    gain: 'a token bound to a key that was never proved',
    errors: ['invalid_dpop_proof', 'invalid_request'],
    codes: ['XAA2219', 'XAA2220'],
    mayBeTaken: 'a server without DPoP ignores the header',
    change: withHeaders({ dpop: 'crosswalk-unknown' }),
  },
]

export const CALL_FAULTS: readonly CallFaultRow[] = [
  {
    id: 'no-token',
    changes: 'the API is called without a token',
    gain: 'everything',
    errors: ['', 'invalid_token'],
    codes: ['XAA3001'],
    change: (draft) => ({ ...draft, token: undefined }),
  },
  {
    id: 'access-token-tampered',
    changes: 'one byte at the end of the access token is changed',
    gain: 'access for anyone who can write a token',
    errors: ['invalid_token', ''],
    codes: ['XAA3008'],
    change: (draft, { received }) => ({ ...draft, token: tamper(received.accessToken ?? '') }),
  },
  {
    id: 'id-jag-as-access-token',
    changes: 'the API is called with the ID-JAG, already redeemed, instead of the access token',
    gain: 'access past the authorization server',
    errors: ['invalid_token', ''],
    codes: ['XAA3005', 'XAA3008'],
    change: (draft, { received }) => ({ ...draft, token: received.idJag }),
  },
  {
    id: 'id-token-as-access-token',
    changes: 'the API is called with the ID token instead of the access token',
    gain: 'access for every app that users sign in to',
    errors: ['invalid_token', ''],
    codes: ['XAA3006', 'XAA3008'],
    change: (draft, { received }) => ({ ...draft, token: received.idToken }),
  },
]
