// What the claims of tokens mean, in a sentence each, and what they say. Pure.
import type { DecodedToken, TokenKind } from '@crosswalk/lab/token'

const SHARED: Readonly<Record<string, string>> = {
  iss: 'Who signed it.',
  aud: 'Whom it is for; nobody else may take it.',
  client_id: 'The app it was given to.',
  sub: 'The person, as its issuer calls them.',
  exp: 'Until when it is good.',
  iat: 'When it was made.',
  nbf: 'Not good before.',
  jti: 'Its own number, by which a second use is noticed.',
  auth_time: 'When the person signed in last.',
  acr: 'How strongly the person signed in.',
  amr: 'By what the person signed in.',
  scope: 'What may be done.',
  resource: 'For which API it is meant.',
  act: 'Who acts for the person.',
  cnf: 'The key that has to be proved with it.',
  email: 'The address of the person.',
  email_verified: 'Whether somebody checked that address.',
  tenant: 'Which customer of the issuer the person belongs to.',
  aud_tenant: 'Which customer of the resource it is for.',
  session_expiry: 'When access ends: no token issued for it lives longer.',
  aud_sub: 'The person, as the resource calls them.',
  authorization_details: 'What may be done, in more detail than a scope.',
  sid: 'The session at the identity provider.',
  nonce: 'Ties the ID token to the authorization request.',
  at_hash: 'Ties the ID token to the access token beside it.',
  azp: 'The client that the token was issued to.',
  name: 'The name of the person.',
  updated_at: 'When what is known of the person changed last.',
  c_hash: 'Ties the ID token to the code beside it.',
  sub_id: 'The person, by another kind of identifier.',
  events: 'What happened, by the kind of event.',
  htm: 'The method of the one request it is good for.',
  htu: 'The address of the one request it is good for.',
  ath: 'Ties the proof to the access token beside it.',
  preferred_username: 'The user name of the person.',
}

const OF_KIND: Readonly<Partial<Record<TokenKind, Readonly<Record<string, string>>>>> = {
  'id-token': { aud: 'The app that the person signed in to; nobody else may take it.' },
  'id-jag': {
    aud: 'The one authorization server that may redeem it.',
    client_id: 'The app, by its client id at that server.',
    sub: 'The person, as the resource knows them through this issuer.',
  },
  'access-token': {
    aud: 'The API that may take it.',
    client_id: 'The app, by its client id at this server.',
    sub: 'The account at the resource.',
  },
}

/** @returns undefined for claims that nobody defined for everybody */
export function describeClaim(kind: TokenKind, name: string): string | undefined {
  return OF_KIND[kind]?.[name] ?? SHARED[name]
}

export function describeValue(token: DecodedToken | undefined, name: string): string {
  const claim = token?.claims?.[name]
  return claim === undefined ? '–' : typeof claim === 'string' ? claim : JSON.stringify(claim)
}
