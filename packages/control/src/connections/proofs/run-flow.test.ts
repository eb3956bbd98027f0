// A proof redeems as the product there needs it: Keycloak grants its default scopes to a redemption without `scope`.
import { clientSecret } from '@crosswalk/client'
import { TOKEN_TYPE } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { runFlow } from './run-flow.ts'

const IDP = 'https://idp.test'
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

function createServers(audience: string) {
  const claims = {
    iss: IDP,
    aud: audience,
    sub: 'alice',
    client_id: 'there',
    scope: 'files.read',
    exp: 2 ** 33,
  }
  const idJag = `${encode({ alg: 'ES256', typ: 'oauth-id-jag+jwt' })}.${encode(claims)}.AA`
  const redemptions: URLSearchParams[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { url, method, body } = new Request(input, init)
    if (method === 'GET') {
      const issuer = url.startsWith(IDP) ? IDP : audience
      return Response.json({ issuer, token_endpoint: `${issuer}/token` })
    }
    const issued = { issued_token_type: TOKEN_TYPE.idJag, access_token: idJag, token_type: 'N_A' }
    if (url.startsWith(IDP)) return Response.json({ ...issued, expires_in: 300, scope: 'files.read' })
    redemptions.push(new URLSearchParams(await new Response(body).text()))
    return Response.json({ access_token: 'token-there', token_type: 'Bearer', expires_in: 300 })
  }
  return { fetch, redemptions }
}

it.each([
  ['https://login.files.test/realms/acme', 'files.read'],
  ['https://as.files.test', null],
])('sends the scope at redemption where the product needs it: %s', async (audience, scope) => {
  const { fetch, redemptions } = createServers(audience)
  const auth = clientSecret('a secret')
  const { legs } = await runFlow({
    ...{ idp: IDP, audience, client: { id: 'agent0', auth }, clientIdThere: 'there', authThere: auth },
    ...{ resource: 'https://files.test/api', scope: ['files.read'], idToken: 'ey.ID.TOKEN', call: false },
    ...{ dpop: undefined, fetch, nowMs: () => Date.now() },
  } as never)
  expect(legs.map(({ leg, outcome }) => `${leg} ${outcome}`)).toEqual(['exchange done', 'redemption done'])
  expect(redemptions.map((form) => form.get('scope'))).toEqual([scope])
})
