// Faults in the exchange of an ID token for an ID-JAG.
import { TOKEN_TYPE } from '@crosswalk/protocol'

import type { Fault } from './fault.ts'
import { audiences, claim, scopesOf } from './leg-checks.ts'
import {
  drop,
  set,
  tamper,
  toggleSlash,
  UNKNOWN,
  UNKNOWN_RESOURCE,
  UNKNOWN_SCOPE,
  removeSignature,
  withWrongSecret,
} from './corrupt.ts'

const target = { errors: ['invalid_target', 'invalid_request', 'access_denied'] }
const grant = { errors: ['invalid_grant', 'invalid_request'] }

export const EXCHANGE_FAULTS: readonly Fault[] = [
  {
    id: 'audience-unknown',
    leg: 'exchange',
    changes: 'audience is an unregistered issuer',
    gain: 'a grant addressed to a server that the attacker chose',
    ...target,
    codes: ['XAA1301'],
    change: set({ audience: UNKNOWN }),
  },
  {
    id: 'audience-slash',
    leg: 'exchange',
    changes: 'audience has a slash too many, or lacks one',
    gain: 'a grant that some server may accept by mistake',
    ...target,
    codes: ['XAA1302', 'XAA1301'],
    // Another name for the same server is harmless if the grant is addressed to the server's issuer.
    isGained: ({ token, request }) => audiences(token).includes(request.params.audience),
    change: (draft) => set({ audience: toggleSlash(draft.params.audience ?? '') })(draft),
  },
  {
    id: 'audience-idp',
    leg: 'exchange',
    changes: 'audience is the identity provider itself',
    gain: 'a grant without a second party to check it',
    ...target,
    codes: ['XAA1306', 'XAA1301'],
    change: (draft) => set({ audience: draft.party.issuer })(draft),
  },
  {
    id: 'no-resource',
    leg: 'exchange',
    changes: 'resource is omitted',
    gain: 'a grant for more resource apps than intended',
    ...target,
    codes: ['XAA1305'],
    mayBeTaken: 'with one product behind the audience, nothing is ambiguous',
    change: drop('resource'),
  },
  {
    id: 'resource-unknown',
    leg: 'exchange',
    changes: 'resource is an unregistered one',
    gain: 'a grant for a resource that no administrator allowed',
    ...target,
    codes: ['XAA1303', 'XAA1304'],
    isGained: ({ token }) => [claim(token, 'resource')].flat().includes(UNKNOWN_RESOURCE),
    change: set({ resource: UNKNOWN_RESOURCE }),
  },
  {
    id: 'scope-unknown',
    leg: 'exchange',
    changes: 'scope is an undefined one',
    gain: 'a scope that no administrator allowed',
    errors: ['invalid_scope', 'access_denied', 'invalid_request', 'unauthorized_client'],
    codes: ['XAA1601', 'XAA1602'],
    isGained: ({ token }) => scopesOf(claim(token, 'scope')).includes(UNKNOWN_SCOPE),
    change: set({ scope: UNKNOWN_SCOPE }),
  },
  {
    id: 'wrong-secret',
    leg: 'exchange',
    changes: 'the client sends a wrong secret to the IdP',
    gain: 'grants for anyone who knows a client id',
    errors: ['invalid_client'],
    codes: ['XAA1101'],
    change: withWrongSecret,
  },
  {
    id: 'id-token-tampered',
    leg: 'exchange',
    changes: "one byte of the ID token's signature is changed",
    gain: 'grants for users who never signed in',
    ...grant,
    codes: ['XAA1201'],
    change: (draft, { received }) => set({ subject_token: tamper(received.idToken) })(draft),
  },
  {
    id: 'id-token-unsigned',
    leg: 'exchange',
    changes: 'the ID token has alg none and no signature',
    gain: 'grants for users who never signed in',
    ...grant,
    codes: ['XAA1201', 'XAA1208'],
    change: (draft, { received }) => set({ subject_token: removeSignature(received.idToken) })(draft),
  },
  {
    id: 'no-subject-token',
    leg: 'exchange',
    changes: 'subject_token is omitted',
    gain: 'grants for no particular user',
    errors: ['invalid_request', 'invalid_grant'],
    codes: ['XAA1001'],
    change: drop('subject_token'),
  },
  {
    id: 'wrong-requested-type',
    leg: 'exchange',
    changes: 'an access token is requested instead of an ID-JAG',
    gain: 'a token of the IdP instead of a grant for another server',
    errors: ['invalid_request', 'invalid_target', 'unauthorized_client', 'access_denied'],
    codes: ['XAA1002'],
    mayBeTaken: 'the IdP may also exchange other tokens',
    change: set({ requested_token_type: TOKEN_TYPE.accessToken }),
  },
]
