// Single use despite wrong clocks: an ID-JAG, a DPoP proof and a client assertion work once, whatever the clock of a process says while it
// cleans up.
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { type Answer, postForm } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion, makeDpopKey } from './support/proofs.ts'

const FOREIGN = 'https://idp.foreign.test'
const HOUR_MS = 3_600_000
const KEY = '0123456789abcdef'.repeat(4)
const [issuerKey, clientKey] = [await makeKey('issuer'), await makeKey('client')]
const dpopKey = await makeDpopKey()

/** One process of a cluster, with a clock that a test can set. */
interface Node {
  readonly server: TestServer
  aheadMs: number
}

const nodes: Node[] = []
afterEach(async () => {
  for (const { server } of nodes.splice(0)) await server.stop()
})

/** @param baseUrl - of the cluster, if it already exists */
async function startNode(database: string, baseUrl?: string): Promise<Node> {
  const clock = { nowMs: () => Date.now() + node.aheadMs }
  const node: { aheadMs: number; server?: TestServer } = { aheadMs: 0 }
  const file = (own: string) => ({
    ...company(baseUrl ?? own, {
      authorizationServer: {
        trustedIssuers: [{ issuer: FOREIGN, jwks: { keys: [issuerKey.publicJwk] }, provisioning: 'jit' }],
        clients: [
          {
            id: AGENT_AT_VENDOR.id,
            auth: { method: 'private_key_jwt', jwks: { keys: [clientKey.publicJwk] } },
          },
        ],
      },
    }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  })
  node.server = await startTestServer({ database, clock, key: KEY, file })
  nodes.push(node as Node)
  return node as Node
}

interface Credentials {
  readonly assertion: string
  readonly proof: string
  readonly clientAssertion: string
}

async function makeCredentials({ baseUrl }: TestServer): Promise<Credentials> {
  const world = { baseUrl, clock: { nowMs: () => Date.now() } }
  const audience = `${baseUrl}/as/vendor`
  return {
    assertion: await signJwt(issuerKey, idJagClaims(world, FOREIGN), idJagHeader),
    proof: await dpopKey.prove(`${audience}/token`),
    clientAssertion: await makeClientAssertion({ clientId: AGENT_AT_VENDOR.id, audience, key: clientKey }),
  }
}

function redeem({ server }: Node, { assertion, proof, clientAssertion }: Credentials): Promise<Answer> {
  return postForm(
    `http://127.0.0.1:${server.running.port}/as/vendor/token`,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
      resource: TODO,
      client_id: AGENT_AT_VENDOR.id,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: clientAssertion,
    },
    { dpop: proof },
  )
}

/** Each of the three next to two fresh ones: only the used one is rejected. */
async function expectSpent(node: Node, used: Credentials): Promise<void> {
  const refusals = {
    assertion: { error: 'invalid_grant' },
    proof: { error: 'invalid_dpop_proof' },
    clientAssertion: { error: 'invalid_client' },
  }
  for (const [name, refusal] of Object.entries(refusals) as [keyof Credentials, object][]) {
    const fresh = await makeCredentials(node.server)
    const { body } = await redeem(node, { ...fresh, [name]: used[name] })
    expect(body, name).toMatchObject(refusal)
  }
  expect((await redeem(node, await makeCredentials(node.server))).status).toBe(200)
}

async function cleanUp(node: Node, rounds = 3): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await node.server.running.forgetExpired()
}

describeOnDatabases('single use on $name', ({ create }) => {
  it('survives a node whose clock is 400 s ahead (RAS-18, RAS-19, DPOP-11)', async () => {
    const right = await startNode(await create())
    const ahead = await startNode(right.server.database, right.server.baseUrl)
    ahead.aheadMs = 400_000
    const used = await makeCredentials(right.server)
    expect((await redeem(right, used)).status).toBe(200)
    await cleanUp(ahead)
    await cleanUp(right)
    await expectSpent(right, used)
  })

  it.each([
    ['an hour ahead', HOUR_MS],
    ['two hours ahead', 2 * HOUR_MS],
    ['an hour behind', -HOUR_MS],
  ])('survives a clock that is %s during some rounds of clean-up and then corrected', async (_, aheadMs) => {
    const node = await startNode(await create())
    const used = await makeCredentials(node.server)
    expect((await redeem(node, used)).status).toBe(200)
    await cleanUp(node, 1)
    node.aheadMs = aheadMs
    await cleanUp(node)
    node.aheadMs = 0
    await cleanUp(node)
    await expectSpent(node, used)
  })

  it('survives a process whose clock was wrong from the start', async () => {
    const first = await startNode(await create())
    const used = await makeCredentials(first.server)
    expect((await redeem(first, used)).status).toBe(200)
    const second = await startNode(first.server.database, first.server.baseUrl)
    second.aheadMs = HOUR_MS
    await cleanUp(second)
    await expectSpent(first, used)
  })
})
