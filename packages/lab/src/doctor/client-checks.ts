// C: whether a server knows the app, judged by its response to a token request that it cannot grant. Pure; the same
// request by a client that does not exist shows whether the response says anything about the client.
import type { ClientAuth } from '@crosswalk/client'

import type { Exchange } from '../http/guarded-sender.ts'
import { OWN_CLIENT_ID } from './connection-checks.ts'
import type { IssuerRole } from './evidence.ts'
import { type DoctorCheck, found, notApplicable, pass, type Verdict } from './finding.ts'

export interface ClientEvidence {
  readonly role: IssuerRole
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly method: ClientAuth['kind']
  /** `token_endpoint_auth_methods_supported` of the server */
  readonly methods?: readonly string[]
  /** The client id of the app at the other server */
  readonly otherClientId?: string
  readonly answer: Exchange
  /** The response to a client that does not exist */
  readonly control: Exchange
  /** The response to a client assertion for the token endpoint, if the app authenticates by one for the issuer */
  readonly forEndpoint?: Exchange
}

const METHODS: Readonly<Record<ClientAuth['kind'], readonly string[]>> = {
  secret: ['client_secret_basic', 'client_secret_post'],
  private_key_jwt: ['private_key_jwt'],
  none: ['none'],
}

export const CLIENT_CHECKS: readonly DoctorCheck<ClientEvidence>[] = [
  {
    id: 'C01',
    title: 'the IdP authenticates the app',
    severity: 'fail',
    why: 'A token endpoint authenticates the client before it looks at anything else.',
    judge: (evidence) => (evidence.role === 'idp' ? judgeClient(evidence) : notApplicable),
  },
  {
    id: 'C03',
    title: OWN_CLIENT_ID,
    severity: 'fail',
    why: 'Each server gives the app a separate client id, and the ID-JAG names the one that may redeem it.',
    judge: (evidence) => (evidence.role === 'as' ? judgeClient(evidence) : notApplicable),
  },
  {
    id: 'C02',
    title: 'audience of the client assertion',
    severity: 'fail',
    why: 'Some servers accept only their issuer as audience (rfc7523bis), older ones only their token endpoint.',
    judge: ({ role, issuer, tokenEndpoint, answer, control, forEndpoint }) => {
      if (forEndpoint === undefined) return notApplicable
      const isOld = !isKnown(answer, control) && isKnown(forEndpoint, control)
      if (!isOld) return isKnown(answer, control) ? pass(issuer) : notApplicable
      return found({
        what: `${issuer} accepts client assertions for its token endpoint only`,
        saw: `aud ${issuer}: ${describeAnswer(answer)}`,
        expected: `aud ${tokenEndpoint}`,
        fix: `Use --${role}-assertion-audience token-endpoint here, and privateKeyJwt(key, { audience: 'token-endpoint' }) in the app.`,
      })
    },
  },
]

function judgeClient(evidence: ClientEvidence): Verdict {
  const { issuer, clientId, answer, control, forEndpoint = answer } = evidence
  const known = [answer, forEndpoint].find((one) => isKnown(one, control))
  if (known !== undefined) return pass(`${clientId}: ${describeAnswer(known)}`)
  if (!isRejection(answer) || !isRejection(control))
    return found({
      severity: 'info',
      what: `The response of ${issuer} does not tell whether it knows the app`,
      saw: `${describeAnswer(answer)}; an unknown client: ${describeAnswer(control)}`,
      fix: 'Run the flow, which needs an ID token: npx crosswalk flow run --help',
    })
  return found({
    what: `${issuer} does not authenticate the client ${clientId}`,
    saw: describeAnswer(answer),
    ...describeMismatch(evidence),
  })
}

function describeMismatch({ role, clientId, method, methods = [], otherClientId }: ClientEvidence) {
  if (methods.length > 0 && !METHODS[method].some((one) => methods.includes(one)))
    return {
      expected: `one of the methods ${methods.join(' ')}, and not ${METHODS[method].join(' or ')}`,
      fix: `Register the app for one of them, and use its secret (--${role}-secret) or key (--${role}-key).`,
    }
  if (role === 'as' && clientId === otherClientId)
    return {
      expected: 'the client id of the app at this server',
      fix: 'Use --as-client-id: this is the client id at the IdP. Register the app at this server first if it is not.',
    }
  if (method === 'none')
    return {
      fix: `No credential was given, as for a public client. Set CROSSWALK_${role.toUpperCase()}_SECRET, or pass --${role}-secret or --${role}-key.`,
    }
  return {
    fix: `Compare client id, secret or key, and the kid of the key, with the registration of the app at this server.${method === 'secret' ? ` If it names client_secret_post, add --${role}-secret-post.` : ''}`,
  }
}

const errorOf = ({ json }: Exchange): string => (typeof json?.error === 'string' ? json.error : '')

/** Some products answer unknown clients with `unauthorized_client`, which others send to known ones. */
function isRejection(answer: Exchange): boolean {
  return answer.status === 401 || ['invalid_client', 'unauthorized_client'].includes(errorOf(answer))
}

/** The server complains about the request, and would have complained about an unknown client. */
function isKnown(answer: Exchange, control: Exchange): boolean {
  if (!isRejection(control) || ![200, 400, 403].includes(answer.status ?? 0)) return false
  if (errorOf(answer) === 'unauthorized_client')
    return errorOf(control) !== 'unauthorized_client' || answer.status !== control.status
  return !isRejection(answer)
}

function describeAnswer({ status, json, problem }: Exchange): string {
  if (problem !== undefined) return `${problem.reason} ${problem.detail ?? ''}`.trim()
  return [status, json?.error, json?.error_description].filter((it) => it !== undefined).join(' ')
}
