// Users and groups from OpenLDAP: users disabled or removed there lose access here, and a result that lacks too many users changes nothing.
import { Attribute, Change } from 'ldapts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, isLive, redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { addUser, ADMIN, describeWithSlapd, dnOf, type Slapd, startSlapd, SUFFIX } from './slapd.ts'

const ISSUER = 'https://login.corp.example'

describeWithSlapd('a directory that is read by LDAP', () => {
  let slapd: Slapd
  let server: TestServer
  let key: TestKey
  beforeAll(async () => {
    ;[slapd, key] = await Promise.all([startSlapd(), makeKey('corp')])
    server = await startTestServer({
      file(baseUrl) {
        const ldap = {
          ...{ url: slapd.url, ca: slapd.ca, kind: 'openldap', intervalSeconds: 86_400 },
          ...{ pageSize: 3, maxEntries: 11 },
          ...{ bindDn: ADMIN.dn, bindPassword: ADMIN.password },
          users: {
            base: `ou=people,${SUFFIX}`,
            attributes: { corpId: 'uid', department: 'departmentNumber' },
          },
          groups: { base: `ou=groups,${SUFFIX}` },
        }
        const subjectIssuer = {
          ...{ issuer: ISSUER, jwks: { keys: [key.publicJwk] } },
          ...{ audiences: { there: AGENT.id }, link: ['attribute:corpId'] },
        }
        const directories = [{ id: 'corp', ldap, emailDomains: ['acme.test'] }]
        const file = company(baseUrl, { idp: { directories, subjectIssuers: [subjectIssuer] } })
        return { ...file, admin: { token: ADMIN_TOKEN } }
      },
    })
  })
  afterAll(async () => {
    await server.stop()
    await slapd.stop()
  })

  const run = () => server.running.readDirectory('corp')
  const now = () => Math.floor(Date.now() / 1000)
  async function reach(name: string) {
    const claims = { iss: ISSUER, aud: 'there', sub: name, iat: now(), exp: now() + 600 }
    return exchange(server.baseUrl, await signJwt(key, claims), { resource: TODO, scope: 'todos.read' })
  }
  async function getToken(name: string): Promise<string> {
    const { status, body } = await reach(name)
    expect(status, JSON.stringify(body)).toBe(200)
    const redeemed = await redeem(server.baseUrl, String(body.access_token))
    return String(redeemed.body.access_token)
  }
  async function findUser(name: string) {
    const { body } = await adminOf(server.baseUrl)('GET', '/users?limit=100')
    const items = body.items as readonly { readonly username: string }[]
    return items.find(({ username }) => username === name)
  }
  const disable = (name: string) =>
    slapd.client.modify(
      dnOf(name),
      new Change({
        operation: 'replace',
        modification: new Attribute({ type: 'userAccountControl', values: ['514'] }),
      }),
    )
  const refusals = () =>
    server.events(async (reader) => {
      const { items } = await reader.list({ types: ['directory.sync_refused'], limit: 10 })
      return items.map(({ event }) => event)
    })

  it('provides users and groups, over StartTLS and page by page', async () => {
    const first = await run()
    expect(first).toEqual({ changed: expect.any(Number), problems: [] })
    expect(await findUser('ann')).toMatchObject({
      ...{ name: 'ann of Acme', email: 'ann@acme.test', emailVerified: true, directory: 'corp' },
      ...{ active: true, attributes: { corpId: 'ann', department: '7' } },
    })
    const { body: group } = await adminOf(server.baseUrl)('GET', '/groups/engineering')
    expect(group).toMatchObject({ directory: 'corp' })
    expect((group.members as readonly string[]).length).toBe(10)
    expect(await run()).toEqual({ changed: 0, problems: [] })
  })

  it('ends the access of a user disabled there: denies the next exchange and revokes live tokens', async () => {
    const [token, other] = [await getToken('ann'), await getToken('ben')]
    await disable('ann')
    expect(await run()).toMatchObject({ changed: 1, problems: [] })
    expect([await isLive(server.baseUrl, token), await isLive(server.baseUrl, other)]).toEqual([false, true])
    expect((await reach('ann')).status).toBe(400)
    expect((await reach('ben')).status).toBe(200)
  })

  it('ends the access of removed users, adds new ones, and reports those it cannot add', async () => {
    const token = await getToken('ben')
    await slapd.client.del(dnOf('ben'))
    // A user of the configuration file has this name.
    await addUser(slapd.client, 'alice')
    await addUser(slapd.client, 'kim')
    // With them, there are as many entries as configured.
    expect(await run()).toMatchObject({
      problems: [expect.stringMatching(/^user alice: .* is already used/)],
    })
    await slapd.client.del(dnOf('alice'))
    expect(await isLive(server.baseUrl, token)).toBe(false)
    expect(await findUser('ben')).toMatchObject({ active: false })
    expect(await findUser('kim')).toMatchObject({ active: true })
  })

  it('changes nothing if too many users are missing, and records why, once', async () => {
    const token = await getToken('cem')
    for (const name of ['cem', 'dan', 'eve']) await slapd.client.del(dnOf(name))
    const refused = '3 of 9 users would vanish in one run, but maxVanishedPercent is 20'
    expect(await run()).toEqual({ changed: 0, refused, problems: [] })
    expect(await run()).toMatchObject({ refused })
    expect(await isLive(server.baseUrl, token)).toBe(true)
    expect(server.log).toContain(`warning: directory corp: ${refused}`)
    expect(await refusals()).toMatchObject([
      { actor: { id: 'ldap:corp' }, target: { id: 'corp' }, change: { reason: refused } },
    ])
  })

  it('changes nothing if it has more entries than configured', async () => {
    for (const name of ['one', 'two', 'three', 'four', 'five']) await addUser(slapd.client, name)
    const refused = expect.stringContaining('more than 11 entries below ou=people')
    expect(await run()).toMatchObject({ changed: 0, refused })
    expect(await findUser('one')).toBeUndefined()
  })

  it('changes nothing if it does not respond', async () => {
    const token = await getToken('fay')
    await slapd.stop()
    expect(await run()).toMatchObject({ changed: 0, refused: expect.stringContaining('cannot be read') })
    expect(await isLive(server.baseUrl, token)).toBe(true)
    expect(server.log.join('\n')).not.toContain(ADMIN.password)
  })
})
