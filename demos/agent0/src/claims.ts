// Says of the claims of a token what each is for, in the order in which they matter.

export interface ClaimLine {
  readonly name: string
  readonly value: string
  readonly meaning?: string
}

const MEANING: Readonly<Record<string, string>> = {
  iss: 'who says so',
  aud: 'for whom it is; no one else may take it',
  session_expiry: 'when access ends; no token issued for it lives longer',
  client_id: 'which app it is for, as that server knows it',
  sub: 'whom it is about, as its reader knows them',
  resource: 'which API it is for',
  scope: 'what may be done there',
  act: 'who acts for them',
  email: 'their address',
  email_verified: 'whether the address was proved',
  name: 'their name',
  tenant: 'which organisation',
  aud_sub: 'their name at the resource',
  acr: 'how strongly they signed in',
  amr: 'by what they signed in',
  auth_time: 'when they signed in',
  iat: 'when it was made',
  exp: 'when it ends',
  jti: 'its own number, so that it counts once',
  sid: 'of which sign-in',
  nonce: 'for which sign-in attempt',
  decision_id: 'the decision behind it',
}
const ORDER = Object.keys(MEANING)
const MOMENTS = new Set(['iat', 'exp', 'nbf', 'auth_time'])

export function describeClaims(claims: Readonly<Record<string, unknown>>): readonly ClaimLine[] {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return Object.entries(claims)
    .toSorted(([one], [other]) => rank(one) - rank(other))
    .map(([name, value]) => ({
      name,
      value: renderClaim(name, value),
      ...(MEANING[name] === undefined ? {} : { meaning: MEANING[name] }),
    }))
}

function renderClaim(name: string, value: unknown): string {
  if (MOMENTS.has(name) && typeof value === 'number') return renderTime(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** @param seconds - epoch seconds; @returns the time of day in UTC */
export function renderTime(seconds: number): string {
  return Number.isFinite(seconds) ? `${new Date(seconds * 1000).toISOString().slice(11, 19)} UTC` : 'later'
}
