// Leg 1: one ID token, from a real sign-in, exchanged again and again for ID-JAGs at the IdP.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { basicAuthorization } from '../world/basic-authorization.ts'
import { APP, RESOURCE, SCOPE } from '../world/configuration.ts'
import { signIn } from '../world/sign-in.ts'
import { startCrosswalk } from '../world/start-crosswalk.ts'
import { againstFloor } from './against-floor.ts'

export const exchange = againstFloor(
  'exchange',
  'ID token → ID-JAG at the IdP; SQLite, audit durable before the answer',
  async (stack) => {
    const { pid, idp, resourceAs } = await startCrosswalk(stack)
    const body = new URLSearchParams({
      grant_type: GRANT_TYPE.tokenExchange,
      requested_token_type: TOKEN_TYPE.idJag,
      subject_token: await signIn(idp),
      subject_token_type: TOKEN_TYPE.idToken,
      audience: resourceAs.issuer,
      resource: RESOURCE,
      scope: SCOPE,
    }).toString()
    const endpoint = { url: idp.token_endpoint, headers: { authorization: basicAuthorization(APP) } }
    return { pid, endpoint, makeBodies: (count) => Array<string>(count).fill(body) }
  },
)
