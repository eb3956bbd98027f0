// Narrows access tokens by the grant of the recipe at a running server.
import { AGENT_AT_VENDOR, company, TODO } from '../../support/company.ts'
import { type Answer, basic, exchange, isLive, postForm, redeem, signInFor } from '../../support/flow.ts'
import { startTestServer } from '../../support/server.ts'

const GRANT = 'urn:example:grant-type:narrow'

export async function useGrant() {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const { baseUrl } = server
  const { idToken } = await signInFor(baseUrl, 'alice')
  const idJag = await exchange(baseUrl, idToken, { resource: TODO, scope: 'todos.read todos.write' })
  const token = String((await redeem(baseUrl, String(idJag.body['access_token']))).body['access_token'])

  const narrow = (from: string, scope: string, secret = AGENT_AT_VENDOR.secret) =>
    postForm(
      `${baseUrl}/as/vendor/token`,
      { grant_type: GRANT, token: from, scope },
      { authorization: basic({ id: AGENT_AT_VENDOR.id, secret }) },
    )
  const allowed = await narrow(token, 'todos.read')
  const narrowed = String(allowed.body['access_token'])
  const wider = await narrow(narrowed, 'todos.read todos.write')
  const unknown = await narrow('no token', 'todos.read')
  const stranger = await narrow(token, 'todos.read', 'another secret')
  const live = [await isLive(baseUrl, narrowed)]
  await postForm(
    `${baseUrl}/as/vendor/revoke`,
    { token: narrowed },
    { authorization: basic(AGENT_AT_VENDOR) },
  )
  live.push(await isLive(baseUrl, narrowed))
  const { items } = await server.events((reader) => reader.list({ limit: 20 }))
  await server.stop()
  return {
    allowed: outcomeOf(allowed),
    wider: outcomeOf(wider),
    unknown: outcomeOf(unknown),
    stranger: outcomeOf(stranger),
    live,
    decisions: items.flatMap(({ event: { type, decision } }) =>
      decision?.request.grant_type === GRANT ? [[type, decision.code]] : [],
    ),
  }
}

function outcomeOf({ status, body }: Answer) {
  return [status, body['error'] ?? body['scope']]
}
