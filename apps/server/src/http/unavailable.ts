// The response to a program that has to try again in a moment, in the form of OAuth errors.
import { ANY_ORIGIN } from '@crosswalk/as-core'
import { WIRE_DESCRIPTION } from '@crosswalk/protocol'

export const RETRY_AFTER = { 'retry-after': '1' }

export function respondUnavailable(): Response {
  const error = 'temporarily_unavailable'
  return Response.json(
    { error, error_description: WIRE_DESCRIPTION[error] },
    { status: 503, headers: { 'cache-control': 'no-store', ...ANY_ORIGIN, ...RETRY_AFTER } },
  )
}
