// Defects of the reference sample that need a moved clock, a foreign key or a restart to show: each is absent from our servers.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { clientSecret, xaa } from '@crosswalk/client'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  type DocumentServer,
  idJagClaims,
  idJagHeader,
  makeKey,
  serveDocuments,
  signJwt,
  type TestKey,
} from '../protocol/support/foreign-issuer.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { basic, exchange, postForm, readMetadata, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const HOUR_SECONDS = 3600
const ID_TOKEN_TTL_SECONDS = 300

let offsetMs = 0
const clock = { nowMs: () => Date.now() + offsetMs }
const wait = (seconds: number) => void (offsetMs += seconds * 1000)

let server: TestServer
let foreign: DocumentServer
let key: TestKey
beforeAll(async () => {
  key = await makeKey('k1')
  foreign = await serveDocuments((path) => (path === '/jwks' ? { keys: [key.publicJwk] } : undefined))
  server = await startTestServer({
    clock,
    file: (baseUrl) =>
      company(baseUrl, {
        idp: { idTokenTtlSeconds: ID_TOKEN_TTL_SECONDS },
        authorizationServer: {
          trustedIssuers: [
            { issuer: baseUrl, provisioning: 'jit' },
            { issuer: foreign.origin, jwksUri: `${foreign.origin}/jwks`, provisioning: 'jit' },
          ],
        },
      }),
  })
})
afterAll(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
  await foreign.stop()
})

/** An ID-JAG of the other issuer, with changed claims. */
const sign = (change: Readonly<Record<string, unknown>> = {}) =>
  signJwt(key, idJagClaims({ baseUrl: server.baseUrl, clock }, foreign.origin, change), idJagHeader)

const errorOf = async (change: Readonly<Record<string, unknown>>) =>
  (await redeem(server.baseUrl, await sign(change))).body.error

describe('no defect of the sample:', () => {
  it('an ID-JAG is valid from its issue until its expiry', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const { body } = await exchange(server.baseUrl, idToken, { resource: TODO })
    wait(280)
    expect((await redeem(server.baseUrl, String(body.access_token))).status).toBe(200)
    const now = Math.floor(clock.nowMs() / 1000)
    expect(await errorOf({ iat: now + 20, exp: now + 290 })).toBeUndefined()
    expect(await errorOf({ iat: now + 120, exp: now + 400 })).toBe('invalid_grant')
    expect(await errorOf({ iat: now - 400, exp: now - 120 })).toBe('invalid_grant')
  })

  it('an ID-JAG works once, for its resource, and for one audience in either form', async () => {
    const once = await sign()
    expect((await redeem(server.baseUrl, once)).status).toBe(200)
    expect((await redeem(server.baseUrl, once)).body.error).toBe('invalid_grant')
    const aud = `${server.baseUrl}/as/vendor`
    expect(await errorOf({ aud: [aud] })).toBeUndefined()
    expect(await errorOf({ aud: [aud, 'https://elsewhere.test'] })).toBe('invalid_grant')
    const { body } = await redeem(server.baseUrl, await sign({ resource: NOTES, scope: 'notes.read' }))
    expect(decodeJwt(String(body.access_token)).aud).toBe(NOTES)
    expect(await errorOf({ resource: 'https://elsewhere.test' })).toBe('invalid_grant')
  })

  it('keys of an issuer are fetched once, not for every grant', async () => {
    const before = foreign.hits.length
    for (let time = 0; time < 5; time += 1)
      expect((await redeem(server.baseUrl, await sign())).status).toBe(200)
    expect(foreign.hits.length - before).toBeLessThanOrEqual(1)
  })

  it('an agent works for eight hours on one sign-in, with ID tokens of five minutes', async () => {
    const metadata = await readMetadata(`${server.baseUrl}/.well-known/openid-configuration`)
    let { idToken, refreshToken } = await signInFor(server.baseUrl, 'alice')
    let renewals = 0
    const renew = async () => {
      const { status, body } = await postForm(
        metadata.token_endpoint ?? '',
        { grant_type: 'refresh_token', refresh_token: refreshToken },
        { authorization: basic(AGENT) },
      )
      if (status !== 200) throw new Error(JSON.stringify(body))
      renewals += 1
      refreshToken = String(body.refresh_token ?? refreshToken)
      idToken = String(body.id_token)
      return idToken
    }
    const access = xaa({
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
      .as({ id: 'alice', getSubjectToken: ({ reason }) => (reason === 'use' ? idToken : renew()) })
      .at(TODO, { scope: 'todos.read', authorizationServer: `${server.baseUrl}/as/vendor` })
    const subjects = new Set<unknown>()
    for (let hour = 0; hour < 8; hour += 1) {
      const { value, expiresAt } = await access.token()
      expect(expiresAt).toBeGreaterThan(clock.nowMs() / 1000)
      subjects.add(decodeJwt(value.reveal()).sub)
      wait(HOUR_SECONDS)
    }
    expect(subjects.size).toBe(1)
    expect(renewals).toBe(7)
  })
})

it('a restart keeps tokens, accounts and keys', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-restart-'))
  const options = {
    database: `sqlite:${folder}/db.sqlite`,
    key: randomBytes(32).toString('hex'),
    file: (baseUrl: string) => {
      // Issuers are independent of the port, as behind a proxy.
      const [issuer, vendorIssuer] = ['https://idp.restart.test', 'https://vendor.restart.test']
      const file = company(baseUrl, {
        authorizationServer: { issuer: vendorIssuer, trustedIssuers: [{ issuer, provisioning: 'jit' }] },
      })
      const idp = file.idp as { resourceApps: object[] }
      const resourceApps = idp.resourceApps.map((app) => ({ ...app, issuer: vendorIssuer }))
      return { ...file, idp: { ...idp, issuer, resourceApps } }
    },
  }
  const api = basic({ id: 'todo0-api', secret: 'todo0 api secret' })
  const cross = async ({ baseUrl }: TestServer) => {
    const { idToken } = await signInFor(baseUrl, 'alice')
    const audience = 'https://vendor.restart.test'
    const idJag = await exchange(baseUrl, idToken, { resource: TODO, audience })
    return String((await redeem(baseUrl, String(idJag.body.access_token))).body.access_token)
  }
  const before = await startTestServer(options)
  const token = await cross(before)
  const readKeys = async ({ baseUrl }: TestServer) => {
    const { keys } = (await readMetadata(`${baseUrl}/jwks`)) as unknown as { keys: { kid: string }[] }
    return keys.toSorted((one, other) => one.kid.localeCompare(other.kid))
  }
  const keys = await readKeys(before)
  await before.running.close()
  const after = await startTestServer(options)
  try {
    expect(await readKeys(after)).toEqual(keys)
    const answer = await postForm(`${after.baseUrl}/as/vendor/introspect`, { token }, { authorization: api })
    expect(answer.body).toMatchObject({ active: true, aud: TODO })
    expect(decodeJwt(await cross(after)).sub).toBe(decodeJwt(token).sub)
  } finally {
    await after.stop()
    await before.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
