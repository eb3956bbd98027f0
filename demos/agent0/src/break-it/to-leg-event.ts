// Converts a leg of the lab to the format of the SDK, for the panel.
import type { LegEvent } from '@crosswalk/client'
import type { Leg } from '@crosswalk/lab'
import { dropUndefined, type XaaCode } from '@crosswalk/protocol'

export function toLegEvent({ leg, request, response, ms, decisionId, token, refusal }: Leg): LegEvent {
  const { status, body } = response
  const scope = typeof body === 'string' ? undefined : body.scope
  const { error, code } = refusal ?? {}
  return {
    leg: leg === 'call' ? 'resource' : leg,
    method: request.method,
    url: request.url,
    ms,
    ...dropUndefined({ status, decisionId, error }),
    ...(code === undefined ? {} : { code: code as XaaCode }),
    ...(typeof scope === 'string' ? { scope } : {}),
    ...(token?.claims === undefined ? {} : { claims: token.claims }),
  }
}
