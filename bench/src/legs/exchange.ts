// Leg 1: ID tokens, from a real sign-in, exchanged for ID-JAGs at the IdP: one again and again, as an app does for each
// resource and each few minutes; and so many in turn that every one comes as if for the first time.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import type { Bench } from '../bench.ts'
import { basicAuthorization } from '../world/basic-authorization.ts'
import { APP, RESOURCE, SCOPE } from '../world/configuration.ts'
import { signInOften } from '../world/sign-in.ts'
import { startCrosswalk } from '../world/start-crosswalk.ts'
import { againstFloor } from './against-floor.ts'

/** More than the server remembers to have verified */
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
    const endpoint = { url: idp.token_endpoint, headers: { authorization: basicAuthorization(APP) } }
    return { pid, endpoint, makeBodies: (count) => Array.from({ length: count }, makeBody) }
  }
}

export const exchange: Bench = againstFloor(
  'exchange',
  'ID token → ID-JAG at the IdP, the same ID token each time; SQLite, audit durable before the answer',
  exchangeOf(1),
)

export const firstExchange: Bench = againstFloor(
  'first-exchange',
  'the same, each ID token as if for the first time',
  exchangeOf(MANY),
)
