// Two issuers that may speak for the same addresses: an address leads to the account of the other issuer's user once. From
// then on each issuer's `sub` is the key, so that a later owner of the address does not get the account (RAS-30).
import { decodeJwt } from 'jose'
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'

const OLD = 'https://old-idp.other.test'
const NEW = 'https://new-idp.other.test'
const ADDRESS = 'alice@other.test'

let server: TestServer
let signer: TestKey
afterEach(() => server.stop())

async function start(database: string, provisioning: 'jit' | 'none') {
  signer = await makeKey('k1')
  const trustedIssuers = [OLD, NEW].map((issuer) => ({
    ...{ issuer, jwks: { keys: [signer.publicJwk] }, emailDomains: ['other.test'] },
    ...{ subject: ['iss_sub', 'email'], provisioning: issuer === OLD ? 'jit' : provisioning },
  }))
  server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { authorizationServer: { trustedIssuers } }),
    database,
  })
}

/** @returns the account; undefined if the redemption is denied */
async function redeemFor(issuer: string, sub: string, email = ADDRESS): Promise<string | undefined> {
  const { baseUrl } = server
  const of = { baseUrl, clock: { nowMs: Date.now } }
  const claims = idJagClaims(of, issuer, { sub, email, email_verified: true })
  const { body } = await redeem(baseUrl, await signJwt(signer, claims, idJagHeader))
  return typeof body.access_token === 'string' ? decodeJwt(body.access_token).sub : undefined
}

describeOnDatabases('on $name', ({ create }) => {
  it('the user is found by both, and keeps the account under a new address', async () => {
    await start(await create(), 'none')
    const account = await redeemFor(OLD, 'alice')
    expect(account).toMatch(/^acc_/)
    expect(await redeemFor(NEW, 'a-1')).toBe(account)
    expect(await redeemFor(NEW, 'a-1', 'alice.chen@other.test')).toBe(account)
    expect(await redeemFor(OLD, 'alice')).toBe(account)
    const found = await adminOf(server.baseUrl)('GET', '/authorization-servers/vendor/accounts?q=a-1')
    const further = [{ issuer: NEW, tenant: null, subject: 'a-1' }]
    expect(found.body.items).toMatchObject([{ id: account, issuer: OLD, subject: 'alice', further }])
  })

  it.each(['jit', 'none'] as const)(
    'the next owner of the address at the second issuer gets another account or none (%s)',
    async (provisioning) => {
      await start(await create(), provisioning)
      const account = await redeemFor(OLD, 'alice')
      expect(await redeemFor(NEW, 'a-1')).toBe(account)
      const next = await redeemFor(NEW, 'a-2')
      expect(next).not.toBe(account)
      expect(next).toEqual(provisioning === 'jit' ? expect.stringMatching(/^acc_/) : undefined)
      expect(await redeemFor(NEW, 'a-2')).toBe(next)
      expect(await redeemFor(NEW, 'a-1')).toBe(account)
    },
  )
})
