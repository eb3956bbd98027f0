// Explains the claims of a token, in order of importance.

export interface ClaimLine {
  readonly name: string
  readonly value: string
  readonly meaning?: string
}

const MEANING: Readonly<Record<string, string>> = {
  iss: 'who issued it',
  aud: 'the recipient; no other party may accept it',
  session_expiry: 'when access ends; no token issued for it is valid longer',
  client_id: 'which app it is for, by its id at that server',
  sub: 'the user, by their id at the recipient',
  resource: 'which API it is for',
  scope: 'what the app may do there',
  act: 'who acts for the user',
  email: 'e-mail address',
  email_verified: 'whether the address was verified',
  name: 'name',
  tenant: 'organisation',
  aud_sub: 'the user at the resource',
  acr: 'strength of the sign-in',
  amr: 'authentication factors',
  auth_time: 'time of the sign-in',
  iat: 'time of issue',
  exp: 'expiry',
  jti: 'a unique ID, so that it can be used only once',
  sid: 'ID of the sign-in session',
  nonce: 'ID of the sign-in attempt',
  decision_id: 'the decision behind it',
}
const ORDER = Object.keys(MEANING)
const TIME_CLAIMS = new Set(['iat', 'exp', 'nbf', 'auth_time'])

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
  if (TIME_CLAIMS.has(name) && typeof value === 'number') return renderTime(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** @param seconds - epoch seconds; @returns the time of day in UTC */
export function renderTime(seconds: number): string {
  return Number.isFinite(seconds) ? `${new Date(seconds * 1000).toISOString().slice(11, 19)} UTC` : 'later'
}
