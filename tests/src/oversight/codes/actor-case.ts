// An actor that is an app of the company, but of no connection.
import { randomUUID } from 'node:crypto'

import { TOKEN_TYPE } from '@crosswalk/protocol'

import { signJwt } from '../../protocol/support/foreign-issuer.ts'
import { AGENT, TODO } from '../../support/company.ts'
import { type Answer, exchange } from '../../support/flow.ts'
import { PLANNER } from './definitions.ts'
import type { Stage } from './stage.ts'

export async function askWithActor({ strict: { baseUrl, alice }, keys }: Stage): Promise<Answer> {
  const now = Math.floor(Date.now() / 1000)
  const parties = { iss: PLANNER, sub: PLANNER, aud: baseUrl, client_id: AGENT.id }
  const claims = { ...parties, iat: now, exp: now + 60, jti: randomUUID() }
  const actorToken = await signJwt(keys.keyed, claims, { typ: 'actor-token+jwt' })
  const form = { resource: TODO, actor_token: actorToken, actor_token_type: TOKEN_TYPE.jwt }
  return exchange(baseUrl, alice.idToken, form)
}
