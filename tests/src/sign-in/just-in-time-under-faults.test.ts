// A fault of the database at every row that is written when a user's identity provider says that the user has left a group.
// Presenting the same ID token again completes it: the group is gone, and so is the access through it.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { failAtEveryWrite, type FaultyDatabase, openFaultyDatabase } from '../support/fail-every-write.ts'
import { exchange, redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const ISSUER = 'https://login.jit.example'

describeOnDatabases('a fault at every write on $name', (kind) => {
  let server: TestServer
  let admin: Admin
  let faulty: FaultyDatabase
  let key: TestKey
  beforeAll(async () => {
    key = await makeKey('jit')
    const subjectIssuer = {
      ...{ issuer: ISSUER, jwks: { keys: [key.publicJwk] }, audiences: { there: AGENT.id } },
      ...{ claims: { groups: 'groups' }, link: [], provisioning: 'jit' },
    }
    const idp = { subjectIssuers: [subjectIssuer] }
    const database = await kind.create()
    server = await startTestServer({ file: (baseUrl) => company(baseUrl, { idp }), database })
    admin = adminOf(server.baseUrl)
    faulty = await openFaultyDatabase(server.database)
  })
  afterAll(() => server.stop())

  /** @param age - in seconds; an older ID token changes nothing */
  function sign(user: string, groups: readonly string[], age: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const times = { iat: now - age, exp: now + 600 }
    return signJwt(key, { iss: ISSUER, aud: 'there', sub: user, preferred_username: user, groups, ...times })
  }

  const ask = (idToken: string) => exchange(server.baseUrl, idToken, { resource: TODO })

  it('a user who is created', async () => {
    const rows = await failAtEveryWrite(faulty, async (attempt) => {
      const name = `ann${attempt}`
      const idToken = await sign(name, ['engineering'], 0)
      return {
        act: () => ask(idToken),
        async expectDone({ status }) {
          expect(status).toBe(200)
          const { items } = (await admin('GET', `/users?q=${name}`)).body
          expect(items.map(({ username }: { username: string }) => username)).toEqual([name])
        },
      }
    })
    expect(rows).toBeGreaterThan(3)
  })

  it('a user who leaves a group', async () => {
    const rows = await failAtEveryWrite(faulty, async (attempt) => {
      const name = `gil${attempt}`
      const { body } = await ask(await sign(name, ['engineering'], 60))
      expect((await redeem(server.baseUrl, String(body.access_token))).status).toBe(200)
      const { items } = (await admin('GET', `/users?q=${name}`)).body
      const [{ id }] = items.filter((user: { username: string }) => user.username === name)
      const later = await sign(name, ['sales'], 0)
      return {
        async act() {
          const { status, headers } = await ask(later)
          return { status: status === 400 ? 200 : status, headers }
        },
        async expectDone({ status }) {
          expect(status).toBe(200)
          expect((await admin('GET', `/users/${id}`)).body.groups).toEqual(['sales'])
          expect((await admin('GET', `/access-tokens?subject=${id}`)).body.items).toEqual([])
        },
      }
    })
    expect(rows).toBeGreaterThan(3)
  })
})
