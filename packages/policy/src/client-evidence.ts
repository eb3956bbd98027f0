// Evidence beyond the client's credentials, judged the same way at both servers: its DPoP proof (RFC 9449 section 5)
// and its request rate; also how records name the client.
import type { ClientFact, DecisionRecord, DpopFact, XaaCode } from '@crosswalk/protocol'

import type { Checklist } from './checklist.ts'

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
