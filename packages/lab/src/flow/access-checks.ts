// Checks of the access token and of the call with it. Pure.
import { found, notApplicable, pass } from '../doctor/finding.ts'
import { describeDifference } from '../doctor/server-checks.ts'
import { audiences, claim, type LegCheck, scopesOf } from './leg-checks.ts'

const LONG_ACCESS_TOKEN_SECONDS = 3600

export const REDEMPTION_CHECKS: readonly LegCheck[] = [
  {
    id: 'R06',
    title: 'no refresh token',
    severity: 'warn',
    why: "A refresh token escapes the company's control.",
    judge: ({ answer: { json = {} } }) =>
      json.refresh_token === undefined
        ? pass()
        : found({
            what: 'There is a refresh token',
            saw: 'refresh_token',
            fix: 'Disable it for this grant.',
          }),
  },
  {
    id: 'R07',
    title: 'lifetime of the access token',
    severity: 'warn',
    why: 'Without revocation, a token stays valid this long after access was revoked.',
    judge: ({ answer: { json = {} } }) => {
      const seconds = Number(json.expires_in)
      return Number.isNaN(seconds) || seconds <= LONG_ACCESS_TOKEN_SECONDS
        ? pass(`${seconds} s`)
        : found({ what: 'Its lifetime is long', saw: `${seconds} s`, fix: 'Shorten it to an hour or less.' })
    },
  },
  {
    id: 'B05',
    title: 'scopes within those of the ID-JAG',
    severity: 'fail',
    why: 'The authorization server may narrow what the company granted, but never widen it.',
    judge: ({ answer: { json = {} }, idJag }) => {
      const granted = scopesOf(json.scope)
      const allowed = scopesOf(claim(idJag, 'scope'))
      if (claim(idJag, 'scope') === undefined) return notApplicable
      const beyond = granted.filter((it) => !allowed.includes(it))
      return beyond.length === 0
        ? pass(granted.join(' '))
        : found({
            what: 'The server widened the scopes',
            saw: beyond.join(' '),
            expected: allowed.join(' '),
            fix: 'Report it to the vendor of the authorization server.',
          })
    },
  },
  {
    id: 'B06',
    title: 'access token for this resource',
    severity: 'fail',
    why: 'The API refuses tokens for another audience.',
    judge: ({ token, flow: { resource } }) => {
      if (token?.kind !== 'access-token' || resource === undefined) return notApplicable
      return audiences(token).includes(resource)
        ? pass()
        : found({
            what: `It has another audience${describeDifference(resource, audiences(token)[0] ?? 'none')}`,
            saw: audiences(token).join(' '),
            expected: resource,
            fix: 'Register the resource at the authorization server, byte for byte.',
          })
    },
  },
]

export const CALL_CHECKS: readonly LegCheck[] = [
  {
    id: 'T01',
    title: 'the API accepts the token',
    severity: 'fail',
    why: 'This is the purpose of the whole flow.',
    judge: ({ answer: { status = 0, headers } }) =>
      status === 401 || status === 403
        ? found({
            what: 'The API refuses the token',
            saw: `${status} ${headers['www-authenticate'] ?? ''}`.trim(),
            fix: 'Compare issuer, audience and scopes of the token with what the API expects.',
          })
        : pass(String(status)),
  },
]
