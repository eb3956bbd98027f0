// Two ID tokens of one user at two nodes at the same time: the user is in the end as the newer one says.
import { randomBytes } from 'node:crypto'

import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { makeKey, signJwt } from '../protocol/support/foreign-issuer.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { exchange } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const ISSUER = 'https://login.order.example'
const ROUNDS = 20

const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

describeOnDatabases('two nodes on $name', (kind) => {
  it('leave a user as the newest ID token says', async () => {
    const signing = await makeKey('order')
    const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
    const issuer = {
      issuer: ISSUER,
      jwks: { keys: [signing.publicJwk] },
      algorithms: ['ES256'],
      audiences: { there: AGENT.id },
      claims: { groups: 'groups' },
      link: [],
      provisioning: 'jit',
    }
    const file = (baseUrl: string) => company(baseUrl, { idp: { subjectIssuers: [issuer] } })
    for (let node = 0; node < 2; node += 1) started.push(await startTestServer({ file, database, key }))
    const [one, other] = started as [TestServer, TestServer]
    const begin = Math.floor(Date.now() / 1000) - 300
    const issue = (iat: number, name: string) => {
      const about = { iss: ISSUER, sub: 'erin', aud: 'there', iat, exp: begin + 600 }
      return signJwt(signing, { ...about, preferred_username: 'erin', name, groups: ['engineering'] })
    }
    const reach = (node: TestServer, token: string) => exchange(node.baseUrl, token, { resource: TODO })
    expect((await reach(one, await issue(begin, 'first'))).status).toBe(200)
    for (let round = 1; round <= ROUNDS; round += 1) {
      const older = await issue(begin + 2 * round, `older ${round}`)
      const newer = await issue(begin + 2 * round + 1, `newer ${round}`)
      const answers = await Promise.all([reach(one, older), reach(other, newer)])
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      const { body } = await adminOf(other.baseUrl)('GET', '/users?q=erin')
      expect(body.items[0].name).toBe(`newer ${round}`)
    }
  })
})
