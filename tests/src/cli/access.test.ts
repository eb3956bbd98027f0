// `crosswalk access`: live access and its revocation, checked by introspection.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

let server: TestServer
const idTokens: Record<string, string> = {}
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  for (const name of ['alice', 'carol']) idTokens[name] = (await signInFor(server.baseUrl, name)).idToken
})
afterAll(() => server.stop())

const access = (...args: string[]) =>
  crosswalk(['access', ...args, '--server', server.baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' },
  })

async function makeAccessToken(name: string): Promise<string> {
  const { body } = await exchange(server.baseUrl, idTokens[name] ?? '', { resource: TODO })
  return String((await redeem(server.baseUrl, String(body.access_token))).body.access_token)
}

async function isActive(token: string): Promise<boolean> {
  const authorization = basic(AGENT_AT_VENDOR)
  const url = `${server.baseUrl}/as/vendor/introspect`
  return (await postForm(url, { token }, { authorization })).body.active === true
}

async function list(...filter: string[]) {
  const { out } = await access('list', ...filter, '-o', 'json')
  return JSON.parse(out) as { schema: string; items: { id: string; user: string }[] }
}

describe('access', () => {
  it('list shows live tokens, in every format', async () => {
    expect((await access('list')).out).toBe('none\n')
    await makeAccessToken('alice')
    await makeAccessToken('carol')
    const { schema, items } = await list()
    expect([schema, items.map(({ user }) => user)]).toEqual([
      'crosswalk.access-tokens/v1',
      ['usr_carol', 'usr_alice'],
    ])
    expect((await list('--user', 'alice')).items).toHaveLength(1)
    expect((await list('--app', 'other')).items).toEqual([])
    expect((await access('list', '--limit', '1')).err).toMatch(/there are more/)
    expect((await access('list', '-o', 'csv', '--user', 'alice')).out).toMatch(
      /^id,server,client,user,connections,scopes,expires,decision\r\n\S+,vendor,agent0-at-vendor,usr_alice,agent0-todo0,todos\.read todos\.write,20\S+Z,dec_\w+\r\n$/,
    )
  })

  it('revoke ends the given token, with a reason', async () => {
    const [token, other] = [await makeAccessToken('alice'), await makeAccessToken('alice')]
    const [, named] = (await list('--user', 'alice')).items
    const id = named?.id ?? ''
    expect(await access('revoke', id)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/nothing was changed\nwhy: [^\n]+\nfix: add --reason /),
    })
    expect(await isActive(token)).toBe(true)
    const taken = await access('revoke', id, '--reason', 'INC-7')
    expect(taken).toMatchObject({ exitCode: 0, out: '✓ 1 access token revoked\n' })
    expect([await isActive(token), await isActive(other)]).toEqual([false, true])
    for (const gone of [id, 'unknown'])
      expect((await access('revoke', gone, '--reason', 'INC-7')).exitCode).toBe(6)
  })

  it('revoke by filter first shows how many, and requires --yes', async () => {
    const [alice, carol] = [await makeAccessToken('alice'), await makeAccessToken('carol')]
    const { length } = (await list('--user', 'alice')).items
    const first = await access('revoke', '--user', 'alice', '--reason', 'INC-8')
    expect(first).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(`error: ${length} access tokens? would be revoked; nothing was changed`),
    })
    expect(await isActive(alice)).toBe(true)
    const all = ['--user', 'alice', '--yes', '--reason', 'INC-8', '-o', 'json']
    expect(JSON.parse((await access('revoke', ...all)).out)).toEqual({
      schema: 'crosswalk.access-revocation/v1',
      revokedTokens: length,
    })
    expect([await isActive(alice), await isActive(carol)]).toEqual([false, true])
    expect(await access('revoke', '--yes', '--reason', 'INC-9')).toMatchObject({ exitCode: 2 })
    expect((await access('revoke', '--user', 'nobody', '--yes', '--reason', 'x')).exitCode).not.toBe(0)
  })
})
