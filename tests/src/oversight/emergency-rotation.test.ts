// An emergency rotation in one process reaches all processes on the database: none signs with the old key after the response, and within a
// second none accepts its signatures.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { decodeProtectedHeader } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { company, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { findFreePort } from '../support/free-port.ts'
import { startServerProcess } from '../support/server-process.ts'

const REACHES_OTHERS_WITHIN_MS = 1_000

const stack: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const undo of stack.splice(0).reverse()) await undo()
})

async function startTwo(database: string) {
  const key = randomBytes(32).toString('hex')
  const start = async () => {
    const server = await startTestServer({ file: (baseUrl) => company(baseUrl), database, key })
    stack.push(() => server.stop())
    return server.baseUrl
  }
  const [one, other] = [await start(), await start()]
  return { other, rotate: rotateAt(one) }
}

function rotateAt(baseUrl: string) {
  return async (owner: string, purpose: string): Promise<void> => {
    const path = `/keys/${encodeURIComponent(owner)}/${purpose}/rotate`
    const answer = await adminOf(baseUrl)('POST', path, { body: { emergency: true, reason: 'a drill' } })
    expect(answer.status).toBe(200)
  }
}

const kidOf = (jwt: string) => decodeProtectedHeader(jwt).kid

async function issue(baseUrl: string, idToken: string): Promise<string> {
  const answer = await exchange(baseUrl, idToken, { resource: TODO })
  return answer.status === 200 ? String(answer.body.access_token) : ''
}

async function isActive(baseUrl: string, token: string): Promise<boolean> {
  const api = basic({ id: 'todo0-api', secret: 'todo0 api secret' })
  const { status, body } = await postForm(
    `${baseUrl}/as/vendor/introspect`,
    { token },
    { authorization: api },
  )
  expect(status).toBe(200)
  return body.active === true
}

describe.each(testDatabaseKinds())('on $name', (kind) => {
  it('another process signs no ID-JAG with the old key after the response, and redeems none a second later', async () => {
    const { other, rotate } = await startTwo(await kind.create())
    const { idToken } = await signInFor(other, 'alice')
    const old = await Promise.all(Array.from({ length: 4 }, () => issue(other, idToken)))
    expect((await redeem(other, old[0] ?? '')).status).toBe(200)
    await rotate('idp', 'id-jag')
    const rotatedAt = performance.now()
    const next = await Promise.all(Array.from({ length: 20 }, () => issue(other, idToken)))
    expect(new Set(next.map(kidOf)).size).toBe(1)
    expect(kidOf(next[0] ?? '')).not.toBe(kidOf(old[0] ?? ''))
    await wait(Math.max(0, rotatedAt + REACHES_OTHERS_WITHIN_MS - performance.now()))
    expect(await redeem(other, old[1] ?? '')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await redeem(other, next[0] ?? '')).status).toBe(200)
  })

  it('another process signs no access token with the old key after the response, and accepts none a second later', async () => {
    const { other, rotate } = await startTwo(await kind.create())
    const { idToken } = await signInFor(other, 'alice')
    const redeemOne = async () => String((await redeem(other, await issue(other, idToken))).body.access_token)
    const old = await redeemOne()
    expect(await isActive(other, old)).toBe(true)
    await rotate('as:vendor', 'access-token')
    const rotatedAt = performance.now()
    const next = await redeemOne()
    expect(kidOf(next)).not.toBe(kidOf(old))
    await wait(Math.max(0, rotatedAt + REACHES_OTHERS_WITHIN_MS - performance.now()))
    expect(await isActive(other, old)).toBe(false)
    expect(await isActive(other, next)).toBe(true)
  })

  it('another process signs no ID token with the old key after the response, and exchanges none a second later', async () => {
    const { other, rotate } = await startTwo(await kind.create())
    const old = await signInFor(other, 'alice')
    expect(await issue(other, old.idToken)).not.toBe('')
    await rotate('idp', 'id-token')
    const rotatedAt = performance.now()
    const next = await signInFor(other, 'alice')
    expect(kidOf(next.idToken)).not.toBe(kidOf(old.idToken))
    await wait(Math.max(0, rotatedAt + REACHES_OTHERS_WITHIN_MS - performance.now()))
    expect(await issue(other, old.idToken)).toBe('')
    expect(await issue(other, next.idToken)).not.toBe('')
  })
})

it('both workers of one server drop the key with the response, and accept none of its tokens a second later', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-workers-'))
  const baseUrl = `http://127.0.0.1:${await findFreePort()}`
  const configFile = join(directory, 'crosswalk.json')
  const listen = { host: '127.0.0.1', port: Number(new URL(baseUrl).port) }
  const database = `sqlite:${directory}/db.sqlite`
  writeFileSync(configFile, JSON.stringify({ baseUrl, listen, database, ...company(baseUrl) }))
  const environment = { CROSSWALK_KEY: randomBytes(32).toString('hex') }
  const server = await startServerProcess(configFile, baseUrl, environment, ['--workers', '2'])
  stack.push(async () => {
    await server.kill()
    rmSync(directory, { recursive: true, force: true })
  })
  const { idToken } = await signInFor(baseUrl, 'alice')
  const issueMany = () => Promise.all(Array.from({ length: 30 }, () => issue(baseUrl, idToken)))
  const old = await issueMany()
  expect(new Set(old.map(kidOf)).size).toBe(1)
  await rotateAt(baseUrl)('idp', 'id-jag')
  const rotatedAt = performance.now()
  const next = await issueMany()
  expect([...new Set(next.map(kidOf))]).toEqual([expect.not.stringMatching(kidOf(old[0] ?? '') ?? '')])
  await wait(Math.max(0, rotatedAt + REACHES_OTHERS_WITHIN_MS - performance.now()))
  const redeemed = await Promise.all(old.map((idJag) => redeem(baseUrl, idJag)))
  expect(redeemed.filter(({ status }) => status === 200)).toEqual([])
  expect((await redeem(baseUrl, next[0] ?? '')).status).toBe(200)
})
