// Each of our servers and SDKs with Keycloak on the other side: as the authorization server of a resource, and as the identity provider at
// which users sign in.
import { readFileSync } from 'node:fs'

import { type AccessToken, clientSecret, normalizeError, xaa } from '@crosswalk/client'
import { createResource } from '@crosswalk/resource'
import { protect } from '@crosswalk/resource/fetch'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { describeWith } from '../../../tools/test-programs.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { buildAuthorizationUrl, redeemCode } from '../sign-in/code-flow.ts'
import { openRedirectBrowser, type Page, type RedirectBrowser } from '../sign-in/redirect-browser.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, basic, exchange, isLive, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { KEYCLOAK, type Keycloak, startKeycloak } from './keycloak.ts'
import {
  AGENT_AT_CORP,
  AGENT_AT_FILES,
  CROSSWALK_AT_CORP,
  FILES,
  GUIDE,
  SCOPES,
  setUpRealm,
} from './realm.ts'

/** Java on a busy machine */
const START_MS = 300_000

if (KEYCLOAK === undefined)
  console.warn('Keycloak is not installed: nothing is tried with it (CROSSWALK_TEST_KEYCLOAK)')

it.each(readAnswers())('the SDK finds %3$s in "%1$s", as the how-to says', (_, answer, code) => {
  expect(normalizeError({ leg: 'redemption', ...answer })).toMatchObject({ code })
})

describeWith(KEYCLOAK !== undefined)('with Keycloak', () => {
  let keycloak: Keycloak
  let server: TestServer
  const stack = new AsyncDisposableStack()

  beforeAll(async () => {
    keycloak = await startKeycloak()
    stack.defer(() => keycloak.stop())
    const certificate = await readSamlCertificate(keycloak.issuer)
    server = await startTestServer({ file: (baseUrl) => withKeycloak(baseUrl, keycloak.issuer, certificate) })
    stack.defer(() => server.stop())
    await setUpRealm(keycloak, server.baseUrl)
  }, START_MS)
  afterEach(() => {
    expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  })
  afterAll(() => stack.disposeAsync())

  async function findAlice(): Promise<string> {
    const [alice] = (await keycloak.admin('GET', '/users?username=alice')) as readonly { id: string }[]
    return alice?.id ?? ''
  }

  /** Signs alice in at Keycloak. */
  async function submitPassword(browser: RedirectBrowser, page: Page): Promise<Page> {
    const text = page.text.replaceAll('&amp;', '&')
    return browser.submit({ ...page, text }, { username: 'alice', password: PASSWORD })
  }

  describe('as the authorization server of a resource', () => {
    const api = () =>
      protect(
        createResource({ resource: FILES, issuer: keycloak.issuer }),
        (_, { user, scopes, client }) => Response.json({ user, scopes, client }),
        { scope: ['files.read'] },
      )

    async function reach(scope: string): Promise<AccessToken> {
      const { idToken } = await signInFor(server.baseUrl, 'alice')
      const registration = {
        clientId: AGENT_AT_FILES.id,
        auth: clientSecret(AGENT_AT_FILES.secret),
        sendScope: true,
      }
      const agent = xaa({
        idp: server.baseUrl,
        client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
        resources: { [keycloak.issuer]: registration },
      })
      return agent.as(idToken).at(FILES, { authorizationServer: keycloak.issuer, scope }).token()
    }

    async function obtainIdJag(scope: string, username = 'alice'): Promise<string> {
      const { idToken } = await signInFor(server.baseUrl, username)
      const form = { audience: keycloak.issuer, resource: FILES, scope }
      const { status, body } = await exchange(server.baseUrl, idToken, form)
      expect(status, JSON.stringify(body)).toBe(200)
      return String(body.access_token)
    }

    const redeemThere = (assertion: string, form: object = {}, client = AGENT_AT_FILES): Promise<Answer> =>
      postForm(
        `${keycloak.issuer}/protocol/openid-connect/token`,
        { grant_type: GRANT_TYPE.jwtBearer, assertion, ...form },
        { authorization: basic(client) },
      )

    it('redeems our ID-JAG for a token that an API with our SDK accepts', async () => {
      const token = await reach('files.read')
      expect(token.scope).toEqual(['files.read'])
      const headers = { authorization: `Bearer ${token.value.reveal()}` }
      const response = await api()(new Request(FILES, { headers }))
      expect([response.status, await response.json()]).toEqual([
        200,
        { user: await findAlice(), scopes: ['files.read'], client: AGENT_AT_FILES.id },
      ])
    })

    it('is reached by the command line, which shows each leg', async () => {
      const { idToken } = await signInFor(server.baseUrl, 'alice')
      const { exitCode, out } = await crosswalk(
        [
          ...['flow', 'run', '--idp', server.baseUrl, '--client-id', AGENT.id],
          ...['--as', keycloak.issuer, '--as-client-id', AGENT_AT_FILES.id],
          ...['--resource', FILES, '--scope', 'files.read', '--no-call'],
        ],
        {
          env: { CROSSWALK_IDP_SECRET: AGENT.secret, CROSSWALK_AS_SECRET: AGENT_AT_FILES.secret },
          stdin: idToken,
        },
      )
      expect([exitCode, out]).toEqual([0, expect.stringMatching(/✓ 2 [^]*✓ B05 [^]*✓ B06 /)])
    })

    it.each<readonly [string, string, () => Promise<Answer>]>([
      [
        'a wrong secret',
        'XAA2101',
        async () => redeemThere(await obtainIdJag('files.read'), {}, { ...AGENT_AT_FILES, secret: 'wrong' }),
      ],
      [
        'a second use',
        'XAA2209',
        async () => {
          const idJag = await obtainIdJag('files.read')
          await redeemThere(idJag)
          return redeemThere(idJag)
        },
      ],
      [
        'the ID-JAG of another client',
        'XAA2103',
        async () => redeemThere(await obtainIdJag('files.read'), {}, AGENT_AT_CORP),
      ],
      [
        'a client without the grant',
        'XAA2102',
        async () => redeemThere(await obtainIdJag('files.read'), {}, CROSSWALK_AT_CORP),
      ],
      [
        'a user who is not linked',
        'XAA2301',
        async () => redeemThere(await obtainIdJag('files.read', 'bob')),
      ],
      ['a disabled user', 'XAA2303', async () => redeemThere(await obtainIdJag('files.read', 'carol'))],
      [
        'a scope beyond the ID-JAG',
        'XAA2401',
        async () => redeemThere(await obtainIdJag('files.read'), { scope: 'files.write' }),
      ],
    ])('refuses %s in a way that the SDK understands', async (_, code, attempt) => {
      const { status, body } = await attempt()
      const understood = normalizeError({ leg: 'redemption', status, body, issuer: keycloak.issuer })
      expect(understood, JSON.stringify(body)).toMatchObject({ code })
    })
  })

  describe('as the identity provider of the users', () => {
    async function signInThere(): Promise<string> {
      const browser = openRedirectBrowser(REDIRECT_URI)
      const query = new URLSearchParams({
        client_id: AGENT_AT_CORP.id,
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        scope: 'openid email',
      })
      const page = await browser.go(`${keycloak.issuer}/protocol/openid-connect/auth?${query}`)
      const { url } = await submitPassword(browser, page)
      const code = new URL(url).searchParams.get('code') ?? ''
      const form = { grant_type: GRANT_TYPE.authorizationCode, code, redirect_uri: REDIRECT_URI }
      const tokenEndpoint = `${keycloak.issuer}/protocol/openid-connect/token`
      const { body } = await postForm(tokenEndpoint, form, { authorization: basic(AGENT_AT_CORP) })
      return String(body.id_token)
    }

    it('signs a user in whose ID token reaches the resource, until the session ends there', async () => {
      const idToken = await signInThere()
      const issued = await exchange(server.baseUrl, idToken, { resource: TODO })
      expect(issued.status, JSON.stringify(issued.body)).toBe(200)
      expect(decodeJwt(String(issued.body.access_token)).sub).toBe('usr_alice')
      const redeemed = await redeem(server.baseUrl, String(issued.body.access_token))
      const accessToken = String(redeemed.body.access_token)
      expect(await isLive(server.baseUrl, accessToken)).toBe(true)

      await keycloak.admin('POST', `/users/${await findAlice()}/logout`)
      await expect
        .poll(() => isLive(server.baseUrl, accessToken), { timeout: 5000, interval: 50 })
        .toBe(false)
      const denied = await exchange(server.baseUrl, idToken, { resource: TODO })
      expect([denied.status, denied.body.error]).toEqual([400, 'invalid_grant'])
    })

    it.each([
      ['OpenID Connect', 'keycloak'],
      ['SAML 2.0', 'keycloak-saml'],
    ])('signs users in to our IdP by %s', async (_, upstream) => {
      const browser = openRedirectBrowser(REDIRECT_URI)
      const choice = await browser.go(buildAuthorizationUrl(server.baseUrl))
      const there = await browser.submit(choice, { upstream })
      let page = await submitPassword(browser, there)
      const response = /name="SAMLResponse" value="([^"]*)"/i.exec(page.text)?.[1]
      if (response !== undefined) {
        const relayState = /name="RelayState" value="([^"]*)"/i.exec(page.text)?.[1] ?? ''
        page = await browser.submit(page, { SAMLResponse: response, RelayState: relayState })
      }
      expect(decodeJwt(await redeemCode(server.baseUrl, page)).sub).toBe('usr_alice')
    })
  })
})

/** The key that signs SAML responses, from the metadata of the realm */
async function readSamlCertificate(issuer: string): Promise<string> {
  const metadata = await (await fetch(`${issuer}/protocol/saml/descriptor`)).text()
  const body = /X509Certificate>([^<]+)</.exec(metadata)?.[1] ?? ''
  return `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----`
}

function withKeycloak(
  baseUrl: string,
  issuer: string,
  certificate: string,
): Readonly<Record<string, unknown>> {
  const file = company(baseUrl)
  const idp = file.idp as Readonly<Record<string, readonly unknown[]>>
  const everyone = { everyone: true }
  return {
    ...file,
    idp: {
      ...idp,
      subjectIssuers: [
        {
          issuer,
          audiences: { [AGENT_AT_CORP.id]: AGENT.id },
          link: ['email'],
          emailDomains: ['acme.test'],
          session: 'required',
        },
      ],
      upstream: [
        {
          id: 'keycloak',
          type: 'oidc',
          name: 'Keycloak',
          issuer,
          clientId: CROSSWALK_AT_CORP.id,
          clientSecret: CROSSWALK_AT_CORP.secret,
          link: ['username'],
        },
        {
          id: 'keycloak-saml',
          type: 'saml',
          name: 'Keycloak by SAML',
          entityId: issuer,
          signInUrl: `${issuer}/protocol/saml`,
          certificates: [certificate],
          claims: { username: 'NameID' },
          link: ['username'],
        },
      ],
      resourceApps: [
        ...(idp.resourceApps ?? []),
        {
          id: 'files',
          name: 'Files',
          issuer,
          resources: [{ id: FILES, scopes: SCOPES }],
          assignments: everyone,
        },
      ],
      connections: [
        ...(idp.connections ?? []),
        {
          id: 'agent0-files',
          app: AGENT.id,
          resourceApp: 'files',
          clientId: AGENT_AT_FILES.id,
          resources: [FILES],
          scopes: SCOPES,
          assignments: everyone,
          status: 'active',
        },
      ],
    },
  }
}

/** @returns the answers of Keycloak in the table of the how-to, and the code of each */
function readAnswers(): readonly (readonly [string, { status: number; body: object }, string])[] {
  const rows = [...readFileSync(GUIDE, 'utf8').matchAll(/^\| `([^`]+)`(?:, (\d+))? +\| (XAA\d{4}) +\|/gm)]
  return rows.map(([, text = '', status = '400', code = '']) => {
    const isError = /^\w+$/.test(text)
    const error = isError ? text : text.startsWith('Scopes') ? 'invalid_scope' : 'invalid_grant'
    return [text, { status: Number(status), body: { error, error_description: isError ? '' : text } }, code]
  })
}
