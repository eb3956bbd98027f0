// Limits apply across all nodes of a database: password guesses and token requests.
import { randomBytes } from 'node:crypto'

import { createBrowser } from '@crosswalk/demo-world'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { basic, buildSignInUrl, postForm } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const FREE = 4
const PER_MINUTE = 40
const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
})

async function startNode(database: string, key: string) {
  const server = await startTestServer({
    file: (baseUrl) => ({
      ...company(baseUrl),
      limits: { failedSignInsPerUserBeforeDelay: FREE, tokenRequestsPerMinutePerClient: PER_MINUTE },
    }),
    database,
    key,
  })
  started.push(server)
  return {
    /** Requests a token with an invalid grant. @returns the status */
    async ask(client = AGENT): Promise<number> {
      const form = { grant_type: GRANT_TYPE.authorizationCode, code: 'none', redirect_uri: REDIRECT_URI }
      const { status } = await postForm(`${server.baseUrl}/token`, form, { authorization: basic(client) })
      return status
    },
    /** Uses a new browser each time. @returns the status */
    async guess(username: string, password = 'wrong'): Promise<number> {
      const browser = createBrowser()
      const page = await browser.open(buildSignInUrl(server.baseUrl))
      const answer = await browser.submitUntil(page, { username, password }, REDIRECT_URI)
      return 'status' in answer ? answer.status : 200
    },
  }
}

describeOnDatabases('on $name', (kind) => {
  it('allows as many failures per name over two nodes as over one, plus one in flight', async () => {
    const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
    const nodes = [await startNode(database, key), await startNode(database, key)] as const
    const statuses: number[] = []
    for (let round = 0; round < FREE; round += 1)
      for (const node of nodes) statuses.push(await node.guess('alice'))
    expect(statuses.filter((status) => status === 401)).toHaveLength(FREE + 1)
    expect(statuses.slice(FREE + 1)).toEqual(Array(FREE - 1).fill(429))
    // The delay also applies to the right password, and at a restarted node, but not to another name.
    expect(await nodes[1].guess('alice', PASSWORD)).toBe(429)
    expect(await nodes[0].guess('bob', PASSWORD)).toBe(200)
  })

  it('gives a client over its limit at one node 429 at the other within moments, and no other client', async () => {
    const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
    const [one, other] = [await startNode(database, key), await startNode(database, key)] as const
    const asked = await Promise.all(Array.from({ length: PER_MINUTE }, () => one.ask()))
    expect(new Set(asked)).toEqual(new Set([400]))
    // The other node has received far fewer requests than the limit.
    await expect.poll(() => other.ask(), { timeout: 5000, interval: 200 }).toBe(429)
    expect(await one.ask()).toBe(429)
    expect(await other.ask({ id: 'other', secret: 'other secret' })).toBe(400)
  })
})
