// Agent0 from sign-in to API call: prints the sign-in URL, waits for the user to sign in, adds a todo, and tries to delete
// all todos, which acme does not allow. Then it exits.
import { createServer } from 'node:http'

import { type Agent, BlockedByAdmin, clientSecret, NeedsMoreScope, xaa } from '@crosswalk/client'
import * as oidc from 'openid-client'

import { readSettings, type Settings } from '../company-and-vendor.ts'

const settings = readSettings(process.env)
const { companyUrl, vendorUrl, secrets } = settings
const agent = xaa({
  idp: companyUrl,
  client: { id: 'agent0', auth: clientSecret(secrets.AGENT_SECRET) },
  resources: {
    [vendorUrl]: { clientId: 'agent0-at-todo0', auth: clientSecret(secrets.AGENT_SECRET_AT_VENDOR) },
  },
})
await work(agent, await signIn(settings))

type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>

/** Authorization code with PKCE, with openid-client, as in any OpenID Connect app. */
async function signIn({ companyUrl, agentUrl, secrets }: Settings): Promise<Tokens> {
  const idp = await oidc.discovery(
    new URL(companyUrl),
    'agent0',
    undefined,
    oidc.ClientSecretBasic(secrets.AGENT_SECRET),
    // Only for examples on one machine: elsewhere, keep the default of openid-client, which requires https.
    { execute: companyUrl.startsWith('http://127.0.0.1:') ? [oidc.allowInsecureRequests] : [] },
  )
  const [pkceCodeVerifier, expectedState] = [oidc.randomPKCECodeVerifier(), oidc.randomState()]
  const address = oidc.buildAuthorizationUrl(idp, {
    redirect_uri: `${agentUrl}/callback`,
    scope: 'openid offline_access',
    state: expectedState,
    prompt: 'consent', // a refresh token for later
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const returned = await waitForCallback(agentUrl, () => console.log(`sign in at ${address.href}`))
  return await oidc.authorizationCodeGrant(idp, returned, { pkceCodeVerifier, expectedState })
}

async function waitForCallback(agentUrl: string, onListening: () => void): Promise<URL> {
  const { promise, resolve } = Promise.withResolvers<URL>()
  const server = createServer((request, response) => {
    response.end('You are signed in. Agent0 continues in its terminal.')
    resolve(new URL(request.url ?? '/', agentUrl))
  })
  server.listen(Number(new URL(agentUrl).port), '127.0.0.1', onListening)
  const returned = await promise
  server.close()
  server.closeAllConnections()
  return returned
}

async function work(agent: Agent, { id_token: idToken, refresh_token: refreshToken }: Tokens): Promise<void> {
  const session = agent.as({
    getSubjectToken: ({ reason }) =>
      reason === 'use' || refreshToken === undefined
        ? idToken
        : { token: refreshToken, type: 'refresh_token' },
  })
  const todo = session.at(`${vendorUrl}/api`, { scope: 'todos.read todos.write' })
  const headers = { 'content-type': 'application/json' }
  try {
    console.log('todos:', await (await todo.fetch('/todos')).json())
    const body = JSON.stringify({ title: 'buy milk' })
    const added = await todo.fetch('/todos', { method: 'POST', headers, body })
    console.log('added:', await added.json())
    await todo.fetch('/todos', { method: 'DELETE' })
  } catch (error) {
    if (error instanceof BlockedByAdmin) console.log('blocked:', error.userMessage)
    else if (error instanceof NeedsMoreScope) console.log('not allowed:', error.missing.join(' '))
    else throw error
  }
}
