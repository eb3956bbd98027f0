// The three requests of a crossing, each by hand: what the SDK would never send can be sent, and what it would never
// hand out can be kept for one more try. For the buttons that break the flow, and for nothing else.
import { type LegEvent, normalizeError, type Redacted } from '@crosswalk/client'
import { DECISION_HEADER, GRANT_TYPE, isObject, TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'

export interface HandOptions {
  readonly idpIssuer: string
  readonly vendorIssuer: string
  /** Agent0 at the IdP, and at the vendor */
  readonly atIdp: Credentials
  readonly atVendor: Credentials
}

export interface Credentials {
  readonly id: string
  readonly secret: string
}

export interface Sent {
  readonly leg: LegEvent
  /** What was issued; none for a refusal */
  readonly token?: string
}

export interface Hand {
  exchange(subjectToken: Redacted, form: Readonly<Record<string, string>>): Promise<Sent>
  redeem(assertion: string, client?: Credentials): Promise<Sent>
  /** GET, or POST where there is a body */
  call(url: string, token: string, body?: object): Promise<Sent>
}

const TIMEOUT_MS = 5000

export function createHand(options: HandOptions): Hand {
  const { idpIssuer, vendorIssuer, atIdp, atVendor } = options
  return {
    exchange: async (subjectToken, form) =>
      await postForm('exchange', idpIssuer, atIdp, {
        grant_type: GRANT_TYPE.tokenExchange,
        requested_token_type: TOKEN_TYPE.idJag,
        audience: vendorIssuer,
        subject_token: subjectToken.reveal(),
        subject_token_type: TOKEN_TYPE.idToken,
        ...form,
      }),
    redeem: async (assertion, client = atVendor) =>
      await postForm('redemption', vendorIssuer, client, { grant_type: GRANT_TYPE.jwtBearer, assertion }),
    call: async (url, token, body) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' }
      const init =
        body === undefined
          ? { headers }
          : {
              method: 'POST',
              headers: { ...headers, 'content-type': 'application/json' },
              body: JSON.stringify(body),
            }
      return { leg: await sendOnce('resource', url, init).then(({ leg }) => leg) }
    },
  }
}

async function postForm(
  leg: 'exchange' | 'redemption',
  issuer: string,
  client: Credentials,
  form: Readonly<Record<string, string>>,
): Promise<Sent> {
  const pair = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`
  const { leg: event, body } = await sendOnce(leg, await findTokenEndpoint(issuer), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    body: new URLSearchParams(form),
  })
  const { access_token: token, scope } = body
  if (typeof token !== 'string') return { leg: event }
  const shown = typeof scope === 'string' ? { ...event, scope } : event
  return { token, leg: { ...shown, claims: decodeJwt(token) } }
}

async function sendOnce(leg: 'exchange' | 'redemption' | 'resource', url: string, init: RequestInit) {
  const startedMs = performance.now()
  const response = await fetch(url, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const json: unknown = await response.json().catch(() => undefined)
  const body = isObject(json) ? json : {}
  const { status, headers } = response
  const decisionId = headers.get(DECISION_HEADER)
  const challenge = /\berror="([\w-]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1]
  const error = typeof body['error'] === 'string' ? body['error'] : challenge
  const event: LegEvent = {
    leg,
    method: init.method ?? 'GET',
    url,
    status,
    ms: performance.now() - startedMs,
    ...(decisionId === null ? {} : { decisionId }),
    ...(error === undefined ? {} : { error }),
    ...(response.ok ? {} : { code: normalizeError({ leg, status, body }).code }),
  }
  return { leg: event, body }
}

/** RFC 8414 section 3.1: between host and path of the issuer. */
async function findTokenEndpoint(issuer: string): Promise<string> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname === '/' ? '' : pathname
  const response = await fetch(`${origin}/.well-known/oauth-authorization-server${path}`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const metadata: unknown = await response.json()
  if (!isObject(metadata) || metadata['issuer'] !== issuer || typeof metadata['token_endpoint'] !== 'string')
    throw new Error(`${issuer} has no metadata that fits it`)
  return metadata['token_endpoint']
}
