// For each code of an access token as subject token a request that ends with it.
import { GRANT_TYPE } from '@crosswalk/protocol'

import {
  exchangeAccessToken,
  FILES,
  getAccessToken,
  NOTES_API,
  TODO_API_AT_VENDOR,
} from '../../support/chain.ts'
import { AGENT_AT_VENDOR } from '../../support/company.ts'
import { type Answer, basic, postForm, redeem } from '../../support/flow.ts'
import type { Stage } from './stage.ts'

async function askBound({ baseUrl, dpop, idJag }: Stage): Promise<Answer> {
  const url = `${baseUrl}/as/vendor/token`
  const form = { grant_type: GRANT_TYPE.jwtBearer, assertion: await idJag() }
  const client = { authorization: basic(AGENT_AT_VENDOR), dpop: await dpop.prove(url) }
  const { body } = await postForm(url, form, client)
  return exchangeAccessToken(baseUrl, String(body.access_token))
}

async function askWhileSuspended({ baseUrl, alice, admin }: Stage): Promise<Answer> {
  const token = await getAccessToken(baseUrl, alice.idToken)
  const body = { reason: 'test of a code' }
  await admin('POST', '/connections/agent0-todo0/suspend', { body })
  try {
    return await exchangeAccessToken(baseUrl, token)
  } finally {
    await admin('POST', '/connections/agent0-todo0/resume', { body })
  }
}

/** The chain from Agent0 by way of Todo0 and Notes0, and then the other way. */
async function askTooFar({ baseUrl, alice, admin }: Stage): Promise<Answer> {
  const first = await exchangeAccessToken(baseUrl, await getAccessToken(baseUrl, alice.idToken))
  const { body } = await redeem(baseUrl, String(first.body.access_token), {}, TODO_API_AT_VENDOR)
  const made = await admin('POST', '/connections', {
    body: {
      ...{ id: 'notes0-plain', app: NOTES_API.id, resourceApp: 'plain-one', clientId: 'notes0-there' },
      ...{ resources: ['https://plain-one.example/api'], scopes: ['read'], status: 'active' },
      delegation: { maxDepth: 1, scopes: { read: ['notes.read'] } },
      assignments: { everyone: true },
    },
  })
  if (made.status !== 201) throw new Error(made.text)
  const target = { audience: 'https://plain-one.example', resource: 'https://plain-one.example/api' }
  return exchangeAccessToken(baseUrl, String(body.access_token), target, NOTES_API)
}

export const CHAIN_CASES: Readonly<Record<string, (stage: Stage) => Promise<Answer>>> = {
  XAA1217: ({ baseUrl }) => exchangeAccessToken(baseUrl, 'no access token'),
  XAA1218: async ({ baseUrl, alice }) =>
    exchangeAccessToken(
      baseUrl,
      await getAccessToken(baseUrl, alice.idToken),
      { resource: FILES },
      NOTES_API,
    ),
  XAA1219: askBound,
  XAA1220: askWhileSuspended,
  XAA1409: askTooFar,
  XAA1607: async ({ baseUrl, alice }) => {
    const token = await getAccessToken(baseUrl, alice.idToken, { scope: 'todos.read' })
    return exchangeAccessToken(baseUrl, token, { scope: 'notes.write' })
  },
}
