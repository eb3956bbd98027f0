// A revocation among many concurrent exchanges: every exchange that begins after its response is denied, and no token stays live.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startServerProcess } from '../support/server-process.ts'
import { startTestServer } from '../support/server.ts'
import { adminOf } from './admin.ts'

const AT_ONCE = 1000

it('denies every exchange that begins after the revocation response, with 1,000 in progress', async () => {
  // In a separate process: a thousand callers in this one would starve the administrator's request.
  await using server = await startAlone()
  const alice = await signInFor(server.baseUrl, 'alice')
  let revoked = false
  const outcomes: { readonly beganAfter: boolean; readonly status: number; readonly idJag: string }[] = []
  /** @returns whether it began after the revocation */
  async function runOnce(): Promise<boolean> {
    const beganAfter = revoked
    const { status, body } = await exchange(server.baseUrl, alice.idToken, { resource: TODO })
    outcomes.push({ beganAfter, status, idJag: String(body.access_token) })
    return beganAfter
  }
  /** Repeats the exchange until one has begun after the revocation. */
  async function run(): Promise<void> {
    while (!(await runOnce()));
  }
  const running: Promise<void>[] = []
  // A hundred callers at a time, each with its own connection, so that none times out on a slow machine.
  while (running.length < AT_ONCE) {
    const connecting = Array.from({ length: 100 }, runOnce)
    running.push(...connecting.map((connected) => connected.then(run)))
    await Promise.all(connecting)
  }
  const answer = await adminOf(server.baseUrl)('POST', '/connections/agent0-todo0/revoke', { body: {} })
  revoked = true
  expect(answer.status).toBe(200)
  await Promise.all(running)

  const after = outcomes.filter(({ beganAfter }) => beganAfter)
  expect(after).toHaveLength(AT_ONCE)
  expect(after.filter(({ status }) => status === 200)).toEqual([])

  const outstanding = outcomes.filter(({ status }) => status === 200).map(({ idJag }) => idJag)
  expect(outstanding.length).toBeGreaterThanOrEqual(AT_ONCE / 2)
  const redeemed = await Promise.all(outstanding.slice(0, 50).map((idJag) => redeem(server.baseUrl, idJag)))
  expect(redeemed.map(({ status }) => status)).toEqual(redeemed.map(() => 400))
})

async function startAlone() {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-concurrency-'))
  const port = await findFreePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const configFile = join(directory, 'crosswalk.json')
  const database = `sqlite:${directory}/db.sqlite`
  writeFileSync(
    configFile,
    JSON.stringify({ baseUrl, listen: { host: '127.0.0.1', port }, database, ...company(baseUrl) }),
  )
  const server = await startServerProcess(configFile, baseUrl, {
    CROSSWALK_KEY: randomBytes(32).toString('hex'),
  })
  const stop = async () => {
    await server.kill()
    rmSync(directory, { recursive: true, force: true })
  }
  return { baseUrl, [Symbol.asyncDispose]: stop }
}

it('leaves no live token from redemptions that race with the revocation', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const alice = await signInFor(server.baseUrl, 'alice')
  const idJags = await Promise.all(
    Array.from({ length: 60 }, async () =>
      String((await exchange(server.baseUrl, alice.idToken, { resource: TODO })).body.access_token),
    ),
  )
  const racing = idJags.map((idJag) => redeem(server.baseUrl, idJag))
  await Promise.race(racing)
  await adminOf(server.baseUrl)('POST', '/connections/agent0-todo0/revoke', { body: {} })
  const tokens = (await Promise.all(racing)).flatMap(({ status, body }) =>
    status === 200 ? [String(body.access_token)] : [],
  )
  expect(tokens.length).toBeGreaterThan(0)
  const states = await Promise.all(
    tokens.map((token) =>
      postForm(
        `${server.baseUrl}/as/vendor/introspect`,
        { token },
        { authorization: basic(AGENT_AT_VENDOR) },
      ),
    ),
  )
  expect(states.filter(({ body }) => body.active === true)).toEqual([])
  await server.stop()
})
