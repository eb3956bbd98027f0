// Step-up over real HTTP: an administrator requires a second factor and a recent sign-in on one connection, and a user who signed in with
// only a password is led to it. Only the clock is mocked.
import { StepUpFailed, StepUpRequired, clientSecret, xaa } from '@crosswalk/client'
import { decodeJwt } from 'jose'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Jar } from './support/cookie-jar.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, REDIRECT_URI, TODO } from './support/company.ts'
import { basic, exchange, postForm, readMetadata, redeem } from './support/flow.ts'
import { signIn, type SignInRequest } from './support/form-walker.ts'
import { startTestServer, type TestServer } from './support/server.ts'

const MAX_AUTH_AGE_SECONDS = 300
/** The secret of Alice's authenticator app, from the configuration. */
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

let offsetMs = 0
const clock = { nowMs: () => Date.now() + offsetMs }
const wait = (seconds: number) => void (offsetMs += seconds * 1000)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    clock,
    file: (baseUrl) =>
      company(baseUrl, {
        connection: { conditions: { acr: ['mfa'], maxAuthAgeSeconds: MAX_AUTH_AGE_SECONDS } },
        users: { alice: { totpSecret: SECRET } },
      }),
  })
})
afterAll(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

const nextCode = (secret = SECRET) => {
  // Each code works once, so the next one is of the next time step.
  wait(30)
  return new TOTP({ secret }).generate({ timestamp: clock.nowMs() })
}

/** Signs alice in with these parameters. @returns the app's tokens */
async function authorize(
  jar: Jar,
  extra: Readonly<Record<string, string>>,
  answers: Partial<Pick<SignInRequest, 'username' | 'code'>> = {},
) {
  const metadata = await readMetadata(`${server.baseUrl}/.well-known/openid-configuration`)
  const { code, codeVerifier, page } = await signIn(
    {
      authorizationEndpoint: metadata.authorization_endpoint ?? '',
      clientId: AGENT.id,
      redirectUri: REDIRECT_URI,
      username: 'alice',
      password: PASSWORD,
      code: () => nextCode(),
      extra,
      ...answers,
    },
    jar,
  )
  if (code === null) throw new Error(`no code: ${page ?? ''}`)
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const { body } = await postForm(metadata.token_endpoint ?? '', form, { authorization: basic(AGENT) })
  return { idToken: String(body.id_token), refreshToken: String(body.refresh_token) }
}

const ask = (idToken: string) => exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })

describe('a connection that requires a second factor and a recent sign-in', () => {
  it('sends the app to step up, and then allows it (STEP-01, STEP-02, STEP-04)', async () => {
    const browser: Jar = new Map()
    const morning = await authorize(browser, {})
    expect(decodeJwt(morning.idToken)).toMatchObject({ acr: 'pwd', amr: ['pwd'] })

    const refused = await ask(morning.idToken)
    expect(refused).toMatchObject({
      status: 400,
      body: { error: 'insufficient_user_authentication', acr_values: 'mfa', max_age: MAX_AUTH_AGE_SECONDS },
    })
    expect(refused.body.access_token).toBeUndefined()

    const { acr_values, max_age } = refused.body
    const stronger = await authorize(browser, { acr_values: String(acr_values), max_age: String(max_age) })
    const claims = decodeJwt(stronger.idToken)
    expect(claims).toMatchObject({ sub: 'usr_alice', acr: 'mfa', amr: ['pwd', 'otp'] })

    const granted = await ask(stronger.idToken)
    expect(granted.status).toBe(200)
    const idJag = decodeJwt(String(granted.body.access_token))
    expect(idJag).toMatchObject({ acr: 'mfa', amr: ['pwd', 'otp'], auth_time: claims.auth_time })
    expect((await redeem(server.baseUrl, String(granted.body.access_token))).status).toBe(200)
  })

  it('does not treat a refresh as a new sign-in: acr and auth_time stay (STEP-04, RT-05)', async () => {
    const { idToken, refreshToken } = await authorize(new Map(), { acr_values: 'mfa' })
    expect((await ask(idToken)).status).toBe(200)
    wait(MAX_AUTH_AGE_SECONDS + 1)
    const refreshed = await postForm(
      `${server.baseUrl}/token`,
      { grant_type: 'refresh_token', refresh_token: refreshToken },
      { authorization: basic(AGENT) },
    )
    const { acr, auth_time } = decodeJwt(idToken)
    expect(decodeJwt(String(refreshed.body.id_token))).toMatchObject({ acr, auth_time })
    const stale = { body: { error: 'insufficient_user_authentication', acr_values: 'mfa', max_age: 300 } }
    expect(await ask(String(refreshed.body.id_token))).toMatchObject(stale)
    const asSubject = { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token', resource: TODO }
    expect(await exchange(server.baseUrl, String(refreshed.body.refresh_token), asSubject)).toMatchObject(
      stale,
    )
  })

  it('lets a user without a factor set one up', async () => {
    const browser: Jar = new Map()
    const { idToken } = await authorize(browser, {}, { username: 'carol' })
    expect((await ask(idToken)).body.error).toBe('insufficient_user_authentication')
    const code = (page: string) => {
      const key = /<p class="key"><code>([A-Z2-7 ]+)</.exec(page)?.[1] ?? ''
      return nextCode(key.replaceAll(' ', ''))
    }
    const stronger = await authorize(browser, { acr_values: 'mfa' }, { username: 'carol', code })
    expect(decodeJwt(stronger.idToken)).toMatchObject({ sub: 'usr_carol', acr: 'mfa' })
    expect((await ask(stronger.idToken)).status).toBe(200)
    const { items } = await server.events((reader) => reader.list({ log: 'idp', limit: 200 }))
    const types = items.filter(({ event }) => event.actor.id === 'usr_carol').map(({ event }) => event.type)
    expect(types).toContain('signin.factor_enrolled')
  })

  it('tells an app with our SDK what to request, and when to stop (CLI-19, STEP-07)', async () => {
    const browser: Jar = new Map()
    let idToken = (await authorize(browser, {})).idToken
    const todo0 = xaa({
      idp: server.baseUrl,
      client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
      resources: {
        [`${server.baseUrl}/as/vendor`]: {
          clientId: AGENT_AT_VENDOR.id,
          auth: clientSecret(AGENT_AT_VENDOR.secret),
        },
      },
      nowMs: clock.nowMs,
    })
      .as({ id: 'alice', getSubjectToken: () => idToken })
      .at(TODO, { scope: 'todos.read', authorizationServer: `${server.baseUrl}/as/vendor` })
    const failure = () =>
      todo0.token().then(
        () => undefined,
        (error: unknown) => error,
      )

    const first = await failure()
    expect(first).toBeInstanceOf(StepUpRequired)
    const { signInParameters } = first as StepUpRequired
    expect(signInParameters).toEqual({ acr_values: 'mfa', max_age: '300' })

    // An app that signs in again without the parameters learns that it did not help.
    idToken = (await authorize(browser, {})).idToken
    expect(await failure()).toBeInstanceOf(StepUpFailed)

    idToken = (await authorize(browser, signInParameters)).idToken
    expect((await todo0.token()).scope).toEqual(['todos.read'])
  })
})
