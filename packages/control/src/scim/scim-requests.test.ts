// Requests of two directories to one server, down to its database.
import { createSealing } from '@crosswalk/as-core'
import { describe, expect, it } from 'vitest'

import { openNodes } from '../testing/open-nodes.ts'
import { createScimApi, SCIM_PATH } from './scim-api.ts'

const BASE = 'http://127.0.0.1:4000'
const SCHEMA = 'urn:ietf:params:scim:schemas'
const OPERATIONS = [{ op: 'replace', path: 'displayName', value: 'Changed' }]
const PATCH = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: OPERATIONS }
const userOf = (name: string, more: object = {}) => ({
  ...{ schemas: [`${SCHEMA}:core:2.0:User`], userName: name, externalId: name },
  ...more,
})
const groupOf = (displayName: string) => ({ schemas: [`${SCHEMA}:core:2.0:Group`], displayName })

async function open() {
  const [{ parts }] = await openNodes({})
  const rules = { groupPrefix: '', role: 'none', emailDomains: ['acme.test'], attributes: {} }
  const { fetch } = createScimApi({
    directories: ['okta', 'entra'].map((id) => ({ ...rules, id, token: `of ${id}` })) as never,
    admin: { ...parts, sealing: createSealing(new Uint8Array(32)) },
    onFault(fault) {
      throw fault
    },
  })
  const ask = (method: string, path: string, { body, as = 'okta', ...headers }: Sent = {}) =>
    fetch(
      new Request(`${BASE}${SCIM_PATH}${path}`, {
        method,
        headers: { authorization: `Bearer of ${as}`, 'content-type': 'application/scim+json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  const findUser = async (name: string) => (await parts.directory.current().users.findByName(name))[0]
  return Object.assign(ask, { findUser })
}
interface Sent {
  readonly body?: object
  readonly as?: string
  readonly 'if-match'?: string
  readonly 'if-none-match'?: string
}

const createBoth = async (ask: Awaited<ReturnType<typeof open>>) => {
  const made = [
    await ask('POST', '/Users', { body: userOf('ann') }),
    await ask('POST', '/Groups', { body: groupOf('staff') }),
  ]
  expect(made.map(({ status }) => status)).toEqual([201, 201])
  const [user = '', group = ''] = await Promise.all(
    made.map(async (one) => ((await one.json()) as { id: string }).id),
  )
  return { user: `/Users/${user}`, group: `/Groups/${group}` }
}

describe('a directory', () => {
  it.each<[string, 'user' | 'group', object | undefined]>([
    ['PUT', 'user', userOf('ann', { displayName: 'Changed' })],
    ['PATCH', 'user', PATCH],
    ['DELETE', 'user', undefined],
    ['PUT', 'group', groupOf('Changed')],
    ['PATCH', 'group', PATCH],
    ['DELETE', 'group', undefined],
  ])('changes nothing by %s of a %s that has changed since it was read', async (method, kind, body) => {
    const ask = await open()
    const path = (await createBoth(ask))[kind]
    const sent = body === undefined ? {} : { body }
    const before = await (await ask('GET', path)).text()
    expect((await ask(method, path, { ...sent, 'if-match': 'W/"old"' })).status).toBe(412)
    expect(await (await ask('GET', path)).text()).toBe(before)
    const etag = (await ask('GET', path)).headers.get('etag') ?? ''
    const done = await ask(method, path, { ...sent, 'if-match': etag })
    expect(done.status).toBe(method === 'DELETE' ? 204 : 200)
  })

  it('gets no answer that a cache may keep', async () => {
    const ask = await open()
    const { user } = await createBoth(ask)
    const etag = (await ask('GET', user)).headers.get('etag') ?? ''
    const answers = [
      await ask('GET', user),
      await ask('GET', user, { 'if-none-match': etag }),
      await ask('GET', '/Users'),
      await ask('DELETE', user),
      await ask('GET', user),
    ]
    expect(answers.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual(
      [200, 304, 200, 204, 404].map((status) => [status, 'no-store']),
    )
  })

  it('lists no users and groups of another one', async () => {
    const ask = await open()
    const { user, group } = await createBoth(ask)
    for (const path of ['/Users', '/Groups']) {
      const count = async (as: string) =>
        ((await (await ask('GET', path, { as })).json()) as { totalResults: number }).totalResults
      expect([path, await count('okta'), await count('entra')]).toEqual([path, 1, 0])
    }
    for (const path of [user, group]) expect((await ask('DELETE', path, { as: 'entra' })).status).toBe(404)
  })

  it('leaves in a group only the members of a PUT', async () => {
    const ask = await open()
    const { user, group } = await createBoth(ask)
    const put = async (...ids: readonly string[]) => {
      const members = ids.map((value) => ({ value }))
      await ask('PUT', group, { body: { ...groupOf('staff'), members } })
      return (await ask.findUser('ann'))?.groups
    }
    expect(await put(user.split('/').at(-1) ?? '')).toEqual(['staff'])
    expect(await put()).toEqual([])
  })

  it.each([
    ['ann@acme.test', true],
    ['ann@ACME.test', true],
    ['ann@sub.acme.test', false],
    ['ann@notacme.test', false],
  ])('counts only addresses in its own domains as verified: %s, %s', async (value, verified) => {
    const ask = await open()
    const body = userOf('ann', { emails: [{ value, primary: true }] })
    const made = await ask('POST', '/Users', { body })
    expect(made.status).toBe(201)
    expect(await ask.findUser('ann')).toMatchObject({ email: value, emailVerified: verified })
  })

  it.each(['ann@test', 'änn@acme.test', `${'a'.repeat(250)}@acme.test`])(
    'is told that no user can have the address %s',
    async (value) => {
      const ask = await open()
      const made = await ask('POST', '/Users', { body: userOf('ann', { emails: [{ value }] }) })
      expect([made.status, await made.json()]).toMatchObject([400, { scimType: 'invalidValue' }])
    },
  )

  it.each(['%00', '%FF'])('is told that there is no user %s', async (id) => {
    const ask = await open()
    expect((await ask('GET', `/Users/${id}`)).status).toBe(404)
  })
})
