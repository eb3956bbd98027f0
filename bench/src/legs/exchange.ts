// Leg 1: exchanges ID tokens from a real sign-in for ID-JAGs at the IdP: the same token repeatedly, as an app does
// for each resource every few minutes; and so many different tokens that none is remembered.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import type { Bench } from '../bench.ts'
import { basic } from '../../../tests/src/support/flow.ts'
import { APP, RESOURCE, SCOPE } from '../world/configuration.ts'
import { signInOften } from '../world/sign-in.ts'
import { startCrosswalk } from '../world/start-crosswalk.ts'
import { againstFloor } from './against-floor.ts'

/** More than the server remembers as verified */
const MANY = 5_000

function exchangeOf(tokens: number): Parameters<typeof againstFloor>[2] {
  return async (stack) => {
    const { pid, idp, resourceAs } = await startCrosswalk(stack)
    const bodies = (await signInOften(idp, tokens)).map((token) =>
      new URLSearchParams({
        grant_type: GRANT_TYPE.tokenExchange,
        requested_token_type: TOKEN_TYPE.idJag,
        subject_token: token,
        subject_token_type: TOKEN_TYPE.idToken,
        audience: resourceAs.issuer,
        resource: RESOURCE,
        scope: SCOPE,
      }).toString(),
    )
    let next = 0
    const makeBody = () => bodies[next++ % bodies.length] as string
    const endpoint = { url: idp.token_endpoint, headers: { authorization: basic(APP) } }
    return { pid, endpoint, makeBodies: (count) => Array.from({ length: count }, makeBody) }
  }
}

export const exchange: Bench = againstFloor(
  'exchange',
  'ID token → ID-JAG at the IdP, the same ID token each time; SQLite, audit durable before the response',
  exchangeOf(1),
)

export const firstExchange: Bench = againstFloor(
  'first-exchange',
  'the same, with an ID token that the server does not remember',
  exchangeOf(MANY),
)
