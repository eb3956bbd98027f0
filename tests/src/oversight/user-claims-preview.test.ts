// The simulator and the console preview show what an API will learn about a user, identical to the real access token.
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

interface Shown {
  readonly name: string
  readonly value: unknown
  readonly origin: string
  readonly personal: boolean
}

let server: TestServer
let admin: Admin
beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) =>
      company(baseUrl, {
        authorizationServer: {
          trustedIssuers: [{ issuer: baseUrl, provisioning: 'jit', emailDomains: ['acme.test'] }],
          resources: [
            {
              id: TODO,
              scopes: ['todos.read'],
              claims: { email: 'idJag.email', sub_id: 'idJag.iss_sub', display: 'account.name' },
            },
            { id: NOTES, scopes: ['notes.read'] },
          ],
        },
      }),
  })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

async function simulate(resource: string): Promise<readonly Shown[] | null> {
  const body = { app: AGENT.id, user: 'alice', audience: `${server.baseUrl}/as/vendor`, resource: [resource] }
  const answer = await admin('POST', '/simulate', { body })
  return (answer.body.token as { readonly atResource: readonly Shown[] | null }).atResource
}

describe('the preview of what an API learns about the user', () => {
  it('shows the claims of the real access token, each with its origin', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const idJag = await exchange(server.baseUrl, idToken, { resource: TODO })
    const { body } = await redeem(server.baseUrl, String(idJag.body.access_token))
    const real = decodeJwt(String(body.access_token))
    const shown = (await simulate(TODO)) ?? []
    const known = shown.filter(({ value }) => value !== null)
    expect(known.map(({ name }) => name)).toEqual(['email', 'email_verified', 'sub_id'])
    expect(Object.fromEntries(known.map(({ name, value }) => [name, value]))).toEqual({
      email: real.email,
      email_verified: true,
      sub_id: real.sub_id,
    })
    expect(shown).toContainEqual({
      name: 'email',
      value: 'alice@acme.test',
      origin: 'claims of the resource: idJag.email',
      personal: true,
    })
    expect(shown).toContainEqual({
      name: 'display',
      value: null,
      origin: 'account.name at vendor',
      personal: true,
    })
  })

  it('is empty for a resource without claims', async () => {
    expect(await simulate(NOTES)).toEqual([])
  })
})
