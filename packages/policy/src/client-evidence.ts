// Evidence about the client, judged the same way at both servers: whether it authenticated, its DPoP proof (RFC 9449
// section 5) and its request rate; also how records name the client.
import {
  type ClientFact,
  type DecisionFrame,
  type DecisionRecord,
  type DpopFact,
  dropUndefined,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from './checklist.ts'

/** What is known of every token request after observing its caller. */
export interface CallerEvidence extends DecisionFrame {
  readonly client: ClientFact
  readonly dpop: DpopFact
  readonly ip?: string | undefined
  /** Set if the client exceeded its rate limit: seconds until its next request is allowed */
  readonly retryAfterSeconds?: number | undefined
}

export function checkAuthentication(
  list: Checklist,
  client: ClientFact,
): client is Extract<ClientFact, { state: 'authenticated' }> {
  if (client.state === 'authenticated') {
    list.pass('client.authentication', { actual: client.method })
    return true
  }
  const { code, detail: actual, expected } = client
  list.fail('client.authentication', code, dropUndefined({ expected, actual }))
  return false
}

export function checkDpopProof(
  list: Checklist,
  dpop: DpopFact,
  codes: { refused: XaaCode; nonceNeeded: XaaCode },
): void {
  if (dpop.state === 'absent') list.notApplicable('dpop.proof')
  else if (dpop.state === 'proved') list.pass('dpop.proof')
  else list.fail('dpop.proof', dpop.nonceNeeded ? codes.nonceNeeded : codes.refused, { actual: dpop.detail })
}

export function checkRate(list: Checklist, retryAfterSeconds: number | undefined): void {
  if (retryAfterSeconds !== undefined) list.fail('client.rate', 'XAA1904', { actual: { retryAfterSeconds } })
}

/** @param kind - the kind of app, if known */
export function renderRequestingApp(
  client: ClientFact,
  kind?: NonNullable<DecisionRecord['request']['requesting_app']>['kind'],
): DecisionRecord['request']['requesting_app'] {
  if (client.clientId === undefined) return null
  const { clientId: id } = client
  const how = client.state === 'authenticated' ? { auth: client.method, kid: client.kid } : {}
  return { id, client_id: id, kind, ...how }
}
