// Checks of the first tokens of a flow: the ID token before it is sent, and the ID-JAG. Pure; signatures are verified
// before and passed in as facts.
import { describeValue, TOKEN_TYPE, TOKEN_TYPE_NOT_APPLICABLE } from '@crosswalk/protocol'

import { listKids } from '../doctor/evidence.ts'
import { type DoctorCheck, found, pass } from '../doctor/finding.ts'
import { describeDifference } from '../doctor/server-checks.ts'
import type { Exchange } from '../http/guarded-sender.ts'
import { type DecodedToken, KIND_NAMES } from '../token/decode-token.ts'
import type { Flow } from './flow-parties.ts'

export interface LegEvidence {
  readonly flow: Flow
  readonly answer: Exchange
  /** The token in the response, if it is a readable JWT */
  readonly token: DecodedToken | undefined
  /** Whether a published key signed it */
  readonly signed?: boolean
  /** The ID-JAG of the previous leg */
  readonly idJag?: DecodedToken | undefined
  readonly nowSeconds: number
}

export type LegCheck = DoctorCheck<LegEvidence>

const MAX_ID_JAG_SECONDS = 300
const ID_JAG_CLAIMS = ['iss', 'sub', 'aud', 'client_id', 'jti', 'exp', 'iat']

export const claim = (token: DecodedToken | undefined, name: string): unknown => token?.claims?.[name]
export const scopesOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split(' ').filter(Boolean) : []
export const audiences = (token: DecodedToken | undefined): readonly string[] =>
  [claim(token, 'aud') ?? []].flat().map(describeValue)

export const ID_TOKEN_CHECKS: readonly LegCheck[] = [
  {
    id: 'I01',
    title: 'it is an ID token',
    severity: 'fail',
    why: 'Other tokens do not state who signed in to this app.',
    judge: ({ token }) =>
      token === undefined || ['access-token', 'id-jag', 'encrypted', 'logout-token'].includes(token.kind)
        ? found({
            what: 'This is not an ID token',
            saw: token === undefined ? 'no readable JWT' : KIND_NAMES[token.kind],
            fix: 'Send the id_token of the sign-in.',
          })
        : pass(),
  },
  {
    id: 'I02',
    title: 'from this IdP, for this app',
    severity: 'fail',
    why: 'The app that signed the user in must be the one that exchanges the token.',
    needs: ['I01'],
    judge: ({ token, flow: { idp } }) => {
      const isFromIdp = claim(token, 'iss') === idp.issuer
      if (isFromIdp && audiences(token).includes(idp.clientId)) return pass()
      const seen = {
        saw: `iss ${describeValue(claim(token, 'iss'))}, aud ${audiences(token).join(' ')}`,
        expected: `iss ${idp.issuer}, aud ${idp.clientId}`,
      }
      if (isFromIdp)
        return found({
          what: 'It was issued to another app',
          ...seen,
          fix: 'Sign in with this app at this IdP.',
        })
      return found({
        // An IdP may accept ID tokens of another one, and then knows the app's id there.
        severity: 'warn',
        what: 'It was issued by another IdP',
        ...seen,
        fix: 'Sign in with this app at this IdP, unless it accepts ID tokens of that issuer.',
      })
    },
  },
  {
    id: 'I03',
    title: 'not expired',
    severity: 'fail',
    why: 'An expired ID token is refused (XAA1202).',
    needs: ['I01'],
    judge: ({ token, nowSeconds }) => {
      const left = Number(claim(token, 'exp')) - nowSeconds
      return left > 0
        ? pass(`${Math.floor(left)} s left`)
        : found({
            what: 'It has expired',
            saw: `${Math.floor(-left)} s ago`,
            fix: 'Refresh it, or sign in again.',
          })
    },
  },
]

export const EXCHANGE_CHECKS: readonly LegCheck[] = [
  {
    id: 'X08',
    title: 'response declares an ID-JAG',
    severity: 'warn',
    why: 'A client that mistakes it for an access token sends it to the API.',
    judge: ({ answer: { json = {} } }) =>
      json.issued_token_type === TOKEN_TYPE.idJag && json.token_type === TOKEN_TYPE_NOT_APPLICABLE
        ? pass()
        : found({
            what: 'The response does not declare an ID-JAG',
            saw: `issued_token_type ${describeValue(json.issued_token_type)}, token_type ${describeValue(json.token_type)}`,
            expected: `${TOKEN_TYPE.idJag}, ${TOKEN_TYPE_NOT_APPLICABLE}`,
            fix: 'Treat it as a grant, and tell the vendor.',
          }),
  },
  {
    id: 'J01',
    title: 'typ, algorithm, key and signature',
    severity: 'fail',
    why: 'The authorization server verifies exactly these.',
    judge: ({ token, signed, flow: { idp } }) => {
      const { typ, alg, kid } = token?.header ?? {}
      const saw = `typ ${describeValue(typ)}, alg ${describeValue(alg)}, kid ${describeValue(kid)}, signature ${signed === true ? 'good' : 'not verified'}`
      return token?.kind === 'id-jag' && signed === true
        ? pass(saw)
        : found({
            what: 'It is not an ID-JAG signed by a published key',
            saw,
            expected: `typ oauth-id-jag+jwt, one of the keys ${listKids(idp.evidence).join(' ')}`,
            fix: 'Check the keys of the IdP: npx crosswalk doctor --idp …',
          })
    },
  },
  {
    id: 'J02',
    title: 'required claims, at most five minutes',
    severity: 'fail',
    why: 'A long-lived grant can be stolen and used for a long time.',
    judge: ({ token }) => {
      const missing = ID_JAG_CLAIMS.filter((name) => claim(token, name) === undefined)
      const seconds = Number(claim(token, 'exp')) - Number(claim(token, 'iat'))
      if (missing.length > 0)
        return found({
          what: 'Claims are missing',
          saw: `without ${missing.join(' ')}`,
          fix: 'Tell the vendor of the IdP.',
        })
      return seconds <= MAX_ID_JAG_SECONDS
        ? pass(`${seconds} s`)
        : found({
            severity: 'warn',
            what: 'Its lifetime is long',
            saw: `${seconds} s`,
            fix: 'Shorten it to 300 s.',
          })
    },
  },
  {
    id: 'J03',
    title: 'one audience: the issuer of the authorization server',
    severity: 'fail',
    why: 'With another audience, or a second one, it could be spent elsewhere.',
    judge: ({ token, flow: { as } }) => {
      const list = audiences(token)
      return list.length === 1 && list[0] === as.issuer
        ? pass()
        : found({
            what: `It is addressed to another audience${describeDifference(as.issuer, list[0] ?? 'none')}`,
            saw: list.join(' '),
            expected: as.issuer,
            fix: 'Register the issuer of the authorization server at the IdP, byte for byte.',
          })
    },
  },
  {
    id: 'J04',
    title: 'client_id is that of the authorization server',
    severity: 'fail',
    why: 'Only the client it names may redeem it (XAA2103).',
    judge: ({ token, flow: { as } }) =>
      claim(token, 'client_id') === as.clientId
        ? pass()
        : found({
            what: 'It names another client',
            saw: describeValue(claim(token, 'client_id')),
            expected: as.clientId,
            fix: 'Put the client id at the authorization server into the connection.',
          }),
  },
  {
    id: 'X07',
    title: 'scopes granted as requested',
    severity: 'info',
    why: 'A narrower grant is valid, but the API may reject calls later.',
    judge: ({ answer: { json = {} }, flow: { scope } }) => {
      const granted = scopesOf(json.scope)
      const cut = scopesOf(scope).filter((it) => !granted.includes(it))
      return cut.length === 0 || json.scope === undefined
        ? pass(granted.join(' '))
        : found({
            what: 'Scopes were removed',
            saw: granted.join(' ') || 'none',
            expected: scope ?? '',
            fix: 'Widen the connection if they are needed.',
          })
    },
  },
]
