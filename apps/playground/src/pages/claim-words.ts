// Explains the claims of tokens, one sentence each, and renders their values. Pure.
import type { DecodedToken, TokenKind } from '@crosswalk/lab/token'

const SHARED: Readonly<Record<string, string>> = {
  iss: 'Who signed it.',
  aud: 'The only party that may accept it.',
  client_id: 'The app it was given to.',
  sub: 'The user, as the issuer identifies them.',
  exp: 'When it expires.',
  iat: 'When it was issued.',
  nbf: 'Not valid before.',
  jti: 'Its own identifier, which reveals a second use.',
  auth_time: 'When the user last signed in.',
  acr: 'How strongly the user signed in.',
  amr: 'Which factors the user signed in with.',
  scope: 'What the app may do.',
  resource: 'The API it is for.',
  act: 'Who acts for the user.',
  cnf: 'The key that its holder must prove.',
  email: "The user's e-mail address.",
  email_verified: 'Whether that address was verified.',
  tenant: 'Which customer of the issuer the user belongs to.',
  aud_tenant: 'Which customer of the resource it is for.',
  session_expiry: 'When access ends: no token issued for it is valid longer.',
  aud_sub: 'The user, as the resource identifies them.',
  authorization_details: 'What the app may do, in more detail than scopes.',
  sid: 'The session at the identity provider.',
  nonce: 'Ties the ID token to the authorization request.',
  at_hash: 'Ties the ID token to the access token issued with it.',
  azp: 'The client that the token was issued to.',
  name: 'The name of the user.',
  updated_at: 'When the profile of the user last changed.',
  c_hash: 'Ties the ID token to the code issued with it.',
  sub_id: 'The user, by another kind of identifier.',
  events: 'What happened, by the kind of event.',
  htm: 'The method of the only request it is valid for.',
  htu: 'The URL of the only request it is valid for.',
  ath: 'Ties the proof to the access token sent with it.',
  preferred_username: 'The user name.',
}

const OF_KIND: Readonly<Partial<Record<TokenKind, Readonly<Record<string, string>>>>> = {
  'id-token': { aud: 'The app that the user signed in to. No other may accept it.' },
  'id-jag': {
    aud: 'The only authorization server that may redeem it.',
    client_id: 'The app, by its client id at that server.',
    sub: 'The user, as the resource knows them through this issuer.',
  },
  'access-token': {
    aud: 'The API that may accept it.',
    client_id: 'The app, by its client id at this server.',
    sub: 'The account at the resource.',
  },
}

/** @returns undefined for claims without a public definition */
export function describeClaim(kind: TokenKind, name: string): string | undefined {
  return OF_KIND[kind]?.[name] ?? SHARED[name]
}

export function describeValue(token: DecodedToken | undefined, name: string): string {
  const claim = token?.claims?.[name]
  return claim === undefined ? '–' : typeof claim === 'string' ? claim : JSON.stringify(claim)
}
