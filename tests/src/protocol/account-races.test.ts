// Two ID-JAGs for one user who has no account yet, from two issuers, redeemed at the same moment at two nodes: one account
// is created, and both access tokens belong to it.
import { randomBytes } from 'node:crypto'

import { decodeJwt } from 'jose'
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { company } from '../support/company.ts'
import { redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'

const issuerOf = (index: number) => `https://idp${index}.other.test`
const USERS = 6
const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
})

async function startNode(database: string, key: string, { publicJwk }: TestKey): Promise<TestServer> {
  const trustedIssuers = [0, 1, 2].map((index) => ({
    issuer: issuerOf(index),
    jwks: { keys: [publicJwk] },
    provisioning: 'jit',
    emailDomains: ['other.test'],
    subject: ['iss_sub', 'aud_sub', 'email'],
  }))
  const server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { authorizationServer: { trustedIssuers } }),
    database,
    key,
  })
  started.push(server)
  return server
}

describeOnDatabases('on $name', (kind) => {
  it.each([
    ['aud_sub', (user: number) => ({ aud_sub: `u-${user}` })],
    ['verified e-mail address', (user: number) => ({ email: `u-${user}@other.test`, email_verified: true })],
  ])(
    'of two nodes that redeem ID-JAGs with the same %s, the later links to the account of the first',
    async (_, describeUser) => {
      const [database, key] = [await kind.create(), randomBytes(32).toString('hex')]
      const signer = await makeKey('k1')
      const nodes = [await startNode(database, key, signer), await startNode(database, key, signer)]
      async function redeemAt({ baseUrl }: TestServer, issuer: string, user: number) {
        const claims = idJagClaims({ baseUrl, clock: { nowMs: Date.now } }, issuer, {
          sub: `user ${user}`,
          ...describeUser(user),
        })
        const { status, body } = await redeem(baseUrl, await signJwt(signer, claims, idJagHeader))
        return status === 200 ? decodeJwt(String(body.access_token)).sub : body
      }
      for (let user = 0; user < USERS; user += 1) {
        const [one, other] = await Promise.all(
          nodes.map((node, index) => redeemAt(node, issuerOf(index), user)),
        )
        expect(one).toMatch(/^acc_/)
        expect(other).toBe(one)
        // A third identity of the user finds the account as well, instead of two that it could be.
        expect(await redeemAt(nodes[0]!, issuerOf(2), user)).toBe(one)
      }
    },
  )
})
