// A revocation among many exchanges: whatever begins after its answer is refused, and nothing stays alive.
import { expect, it } from 'vitest'

import { AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { adminOf } from './admin.ts'

const ROUNDS = 40
const AT_ONCE = 25

it('lets no exchange succeed that began after the revocation was answered, of 1,000 concurrent ones', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const alice = await signInFor(server.baseUrl, 'alice')
  let revoked = false
  const outcomes: { readonly beganAfter: boolean; readonly status: number; readonly idJag: string }[] = []
  async function run(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const beganAfter = revoked
      const { status, body } = await exchange(server.baseUrl, alice.idToken, { resource: TODO })
      outcomes.push({ beganAfter, status, idJag: String(body.access_token) })
    }
  }
  const running = Array.from({ length: AT_ONCE }, () => run(ROUNDS))
  while (outcomes.length < (ROUNDS * AT_ONCE) / 4) await new Promise((resolve) => setImmediate(resolve))
  const answer = await adminOf(server.baseUrl)('POST', '/connections/agent0-todo0/revoke', { body: {} })
  revoked = true
  expect(answer.status).toBe(200)
  await Promise.all(running)

  const after = outcomes.filter(({ beganAfter }) => beganAfter)
  expect(outcomes).toHaveLength(ROUNDS * AT_ONCE)
  expect(after.length).toBeGreaterThan(0)
  expect(outcomes.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
  expect(after.filter(({ status }) => status === 200)).toEqual([])

  const outstanding = outcomes.filter(({ status }) => status === 200).map(({ idJag }) => idJag)
  const redeemed = await Promise.all(outstanding.slice(0, 50).map((idJag) => redeem(server.baseUrl, idJag)))
  expect(redeemed.map(({ status }) => status)).toEqual(redeemed.map(() => 400))
  await server.stop()
})

it('leaves no live token among redemptions that raced with the revocation', async () => {
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
