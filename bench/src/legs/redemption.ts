// Leg 2: redeems new ID-JAGs of a trusted issuer for access tokens at the Resource AS, each once.
import { GRANT_TYPE } from '@crosswalk/protocol'

import type { Subject } from '../harness/compare.ts'
import { basic } from '../../../tests/src/support/flow.ts'
import { CLIENT, RESOURCE, SCOPE } from '../world/configuration.ts'
import { type Deployment, startCrosswalk } from '../world/start-crosswalk.ts'
import { againstFloor } from './against-floor.ts'

export async function startRedeeming(stack: AsyncDisposableStack, deployment?: Deployment): Promise<Subject> {
  const { pid, resourceAs, issuer } = await startCrosswalk(stack, deployment)
  const grant = { audience: resourceAs.issuer, clientId: CLIENT.id, resource: RESOURCE, scope: SCOPE }
  const makeBody = () =>
    new URLSearchParams({ grant_type: GRANT_TYPE.jwtBearer, assertion: issuer.sign(grant) }).toString()
  const endpoint = {
    url: resourceAs.token_endpoint,
    headers: { authorization: basic(CLIENT) },
  }
  return { pid, endpoint, makeBodies: (count) => Array.from({ length: count }, makeBody) }
}

export const redemption = againstFloor(
  'redemption',
  'ID-JAG → access token at the Resource AS; SQLite, audit and single use durable before the response',
  (stack) => startRedeeming(stack),
)
