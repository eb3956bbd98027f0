// Each endpoint has exactly one path. Responding on a variant would bypass the decision record.
import { DECISION_HEADER } from '@crosswalk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { AGENT, company, PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { basic, postForm } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld((baseUrl) => company(baseUrl))
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

const fetchAt = (path: string, init: RequestInit) =>
  fetch(`${world.baseUrl}${path}`, { ...init, redirect: 'manual' })

const authorization = basic(AGENT)

async function buildCodeForm() {
  const { code, codeVerifier } = await signIn({
    authorizationEndpoint: `${world.baseUrl}/authorize`,
    clientId: AGENT.id,
    redirectUri: REDIRECT_URI,
    username: 'alice',
    password: PASSWORD,
    scope: 'openid offline_access',
  })
  return {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
}

it.each(['/Token', '/TOKEN', '/token/', '/TOKEN/', '//token', '/%74oken'])(
  'issues no tokens at %s, and records those issued at /token (IDP-38)',
  async (path) => {
    const form = await buildCodeForm()
    const elsewhere = await fetchAt(path, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(form),
    })
    expect([elsewhere.status, elsewhere.headers.get(DECISION_HEADER)]).toEqual([404, null])
    expect(await elsewhere.text()).not.toMatch(/access_token|id_token/)
    const answer = await postForm(`${world.baseUrl}/token`, form, { authorization })
    expect([answer.status, (await world.findDecision(answer)).outcome]).toEqual([200, 'allow'])
    const refresh = { grant_type: 'refresh_token', refresh_token: String(answer.body.refresh_token) }
    const again = await fetchAt(path, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(refresh),
    })
    expect(again.status).toBe(404)
    expect((await postForm(`${world.baseUrl}/token`, refresh, { authorization })).status).toBe(200)
  },
)

it.each([
  ['/introspect', 'POST'],
  ['/revoke', 'POST'],
  ['/par', 'POST'],
  ['/userinfo', 'GET'],
  ['/authorize', 'GET'],
  ['/session/end', 'GET'],
  ['/session/end/success', 'GET'],
  ['/jwks', 'GET'],
  ['/as/vendor/token', 'POST'],
  ['/as/vendor/introspect', 'POST'],
])('%s is answered by exactly this spelling', async (path, method) => {
  const init = { method, headers: { authorization }, ...(method === 'POST' ? { body: '' } : {}) }
  expect((await fetchAt(path, init)).status).not.toBe(404)
  const shouted = path.replace(/[^/]+$/, (last) => last.toUpperCase())
  for (const other of [shouted, `${path}/`])
    expect([other, (await fetchAt(other, init)).status]).toEqual([other, 404])
})
