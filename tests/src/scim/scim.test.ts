// Users and groups over SCIM 2.0 as sent by Okta and Entra ID: from creation to the end of access.
import { MAX_SCIM_BYTES } from '@crosswalk/control'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'

import { itWith } from '../../../tools/test-programs.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, isLive, redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkCompliance, HAS_TESTER } from './compliance.ts'

const OKTA = 'a bearer token of okta, long enough: 0kta'
const ENTRA = ['a bearer token of entra, long enough: 3ntra', 'the next token of entra, long enough: 3ntra']
const ISSUER = 'https://login.corp.example'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

let server: TestServer
let admin: Admin
let key: TestKey

beforeAll(async () => {
  key = await makeKey('corp')
  server = await startTestServer({
    file(baseUrl) {
      const file = company(baseUrl, {
        idp: {
          directories: [
            {
              id: 'okta',
              token: OKTA,
              emailDomains: ['acme.test'],
              attributes: {
                givenName: 'name.givenName',
                familyName: 'name.familyName',
                department: `${ENTERPRISE}:department`,
                corpId: 'externalId',
              },
            },
            { id: 'entra', token: ENTRA, groupPrefix: 'entra ', role: 'auditor' },
          ],
          subjectIssuers: [
            {
              issuer: ISSUER,
              jwks: { keys: [key.publicJwk] },
              audiences: { there: AGENT.id },
              link: ['attribute:corpId'],
            },
          ],
        },
      })
      const roles = { owner: { groups: ['root'] }, auditor: { groups: ['entra watchers', 'watchers'] } }
      return { ...file, admin: { ...(file.admin as object), roles } }
    },
  })
  admin = adminOf(server.baseUrl)
})
afterEach(() => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
})
afterAll(() => server.stop())

interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

async function scim(
  method: string,
  path: string,
  {
    body,
    token = OKTA,
    headers = {},
  }: { readonly body?: unknown; readonly token?: string; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  const response = await fetch(`${server.baseUrl}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}

const patch = (path: string, Operations: readonly unknown[], token = OKTA) =>
  scim('PATCH', path, {
    token,
    body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations },
  })

/** Like Okta creates users. */
const oktaUser = (name: string, more: object = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `${name}@acme.test`,
  name: { givenName: name, familyName: 'Smith' },
  emails: [{ primary: true, value: `${name}@acme.test`, type: 'work' }],
  displayName: `${name} Smith`,
  locale: 'en-US',
  externalId: `00u-${name}`,
  groups: [],
  password: 'an-okta-password',
  active: true,
  ...more,
})

/** Like Entra ID creates users. */
const entraUser = (name: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  externalId: `entra-${name}`,
  userName: `${name}@entra.test`,
  active: 'True',
  displayName: name,
  emails: [{ primary: 'True', type: 'work', value: `${name}@entra.test` }],
  meta: { resourceType: 'User' },
  name: { formatted: name, familyName: 'F', givenName: 'G' },
  roles: [],
})

async function provision(name: string): Promise<string> {
  const created = await scim('POST', '/Users', { body: oktaUser(name) })
  expect(created.status, JSON.stringify(created.body)).toBe(201)
  return String(created.body['id'])
}

const now = () => Math.floor(Date.now() / 1000)
const reach = async (name: string) => {
  const token = await signJwt(key, {
    ...{ iss: ISSUER, aud: 'there', sub: `00u-${name}`, iat: now() + 2, exp: now() + 600 },
  })
  return exchange(server.baseUrl, token, { resource: TODO })
}

if (!HAS_TESTER)
  console.warn('scim2-tester is not installed: SCIM is not tried with it (CROSSWALK_TEST_PYTHON)')

itWith(HAS_TESTER)('does what a compliance client expects', { timeout: 60_000 }, checkCompliance)

describe('Okta', () => {
  it('searches for a user, creates it, reads it back, and updates its profile', async () => {
    const filter = encodeURIComponent('userName eq "ann@acme.test"')
    const before = await scim('GET', `/Users?filter=${filter}&startIndex=1&count=100`)
    expect(before.body).toMatchObject({ totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] })
    const created = await scim('POST', '/Users', {
      body: oktaUser('ann', { [ENTERPRISE]: { department: 'R&D' } }),
    })
    expect(created.status).toBe(201)
    const id = String(created.body['id'])
    expect(created.headers.get('location')).toBe(`${server.baseUrl}/scim/v2/Users/${id}`)
    expect(created.body).toMatchObject({
      userName: 'ann@acme.test',
      externalId: '00u-ann',
      name: { givenName: 'ann', familyName: 'Smith' },
      active: true,
      emails: [{ value: 'ann@acme.test', primary: true }],
      [ENTERPRISE]: { department: 'R&D' },
      meta: { resourceType: 'User', version: created.headers.get('etag') },
    })
    expect(created.body).not.toHaveProperty('password')
    expect((await scim('GET', `/Users/${id}`)).body).toEqual(created.body)
    const found = await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "ANN@acme.test"')}`)
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] })
    const put = await scim('PUT', `/Users/${id}`, { body: { ...oktaUser('ann'), id, displayName: 'Ann S.' } })
    expect([put.status, put.body['displayName'], put.body[ENTERPRISE]]).toEqual([200, 'Ann S.', undefined])
    expect((await admin('GET', `/users/${id}`)).body).toMatchObject({
      username: 'ann@acme.test',
      name: 'Ann S.',
      email: 'ann@acme.test',
      emailVerified: true,
      directory: 'okta',
      attributes: { givenName: 'ann', familyName: 'Smith', corpId: '00u-ann' },
      hasPassword: false,
      updatedBy: 'scim:okta',
    })
  })

  it('refuses a group that could not be read again, and none hides the others', async () => {
    const create = (displayName: string, more: object = {}) =>
      scim('POST', '/Groups', {
        body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName, members: [], ...more },
      })
    for (const name of ['night/day', '.', '..']) {
      const refused = await create(name)
      expect([refused.status, refused.body['scimType'], refused.body['detail']]).toEqual([
        ...[400, 'invalidValue'],
        expect.stringContaining('/id: must be a'),
      ])
    }
    expect((await create('night', { externalId: '' })).status).toBe(201)
    const long = await create('day', { externalId: 'x'.repeat(257) })
    expect([long.status, long.body['scimType']]).toEqual([400, 'invalidValue'])
    expect((await create('day', { externalId: 'x'.repeat(256) })).status).toBe(201)
    expect((await scim('GET', '/Groups')).status).toBe(200)
    for (const id of ['night', 'day']) expect((await scim('DELETE', `/Groups/${id}`)).status).toBe(204)
  })

  it('gives access by a group, and ends it with `active: false`: denies the next exchange and revokes live tokens', async () => {
    const id = await provision('ben')
    expect((await reach('ben')).status).toBe(400)
    const group = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'engineering',
      members: [],
    }
    const created = await scim('POST', '/Groups', { body: group })
    expect([created.status, created.body['id']]).toEqual([201, 'engineering'])
    const added = await patch('/Groups/engineering', [
      { op: 'add', path: 'members', value: [{ value: id, display: 'ben' }] },
    ])
    expect(added.body).toMatchObject({ displayName: 'engineering', members: [{ value: id }] })
    expect((await scim('GET', `/Users/${id}`)).body['groups']).toMatchObject([{ value: 'engineering' }])
    const exchanged = await reach('ben')
    expect(exchanged.status, JSON.stringify(exchanged.body)).toBe(200)
    const redeemed = await redeem(server.baseUrl, String(exchanged.body.access_token))
    const live = String(redeemed.body.access_token)
    expect(await isLive(server.baseUrl, live)).toBe(true)
    const stopped = await patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }])
    expect([stopped.status, stopped.body['active']]).toEqual([200, false])
    expect(await isLive(server.baseUrl, live)).toBe(false)
    expect((await reach('ben')).body.error).toBe('access_denied')
    // Such characters are removed from a full name, and the rest of the request applies; in a username they are rejected.
    const bidi = await scim('PUT', `/Users/${id}`, { body: { ...stopped.body, displayName: 'Ben\u202e B' } })
    expect(bidi.body).toMatchObject({ displayName: 'Ben B', active: false })
    const refusedName = await scim('PUT', `/Users/${id}`, {
      body: { ...stopped.body, userName: 'ben\u202e' },
    })
    expect([refusedName.status, refusedName.body['scimType']]).toEqual([400, 'invalidValue'])
    const group2 = await scim('POST', '/Groups', { body: { ...group, displayName: 'sales\u202e' } })
    expect([group2.status, group2.body['scimType']]).toEqual([400, 'invalidValue'])
    // Without `active: true` the user stays deactivated.
    const { active: _, ...rest } = stopped.body
    expect((await scim('PUT', `/Users/${id}`, { body: rest })).body['active']).toBe(false)
    expect((await patch(`/Users/${id}`, [{ op: 'remove', path: 'active' }])).body['active']).toBe(false)
    expect((await reach('ben')).body.error).toBe('access_denied')
    await patch(`/Users/${id}`, [{ op: 'replace', value: { active: true } }])
    expect((await scim('PUT', `/Users/${id}`, { body: rest })).body['active']).toBe(true)
    expect((await reach('ben')).status).toBe(200)
    const again = await redeem(server.baseUrl, String((await reach('ben')).body.access_token))
    const next = String(again.body.access_token)
    expect(await isLive(server.baseUrl, next)).toBe(true)
    await patch('/Groups/engineering', [{ op: 'remove', path: `members[value eq "${id}"]` }])
    expect(await isLive(server.baseUrl, next)).toBe(false)
    expect((await reach('ben')).body.error).toBe('access_denied')
    const renamed = await patch('/Groups/engineering', [
      { op: 'replace', value: { id: 'engineering', displayName: 'Eng' } },
    ])
    expect(renamed.body).toMatchObject({ id: 'engineering', displayName: 'Eng' })
    const events = await server.events((reader) =>
      reader.list({ log: 'admin', types: ['user.changed'], limit: 5 }),
    )
    expect(events.items[0]?.event).toMatchObject({ actor: { id: 'scim:okta' }, target: { kind: 'user', id } })
    // A connection refers to it, so it is emptied and its name stays reserved.
    await patch('/Groups/engineering', [{ op: 'add', path: 'members', value: [{ value: id }] }])
    const refused = await scim('DELETE', '/Groups/engineering')
    expect([refused.status, refused.body['scimType']]).toEqual([409, undefined])
    expect((await scim('GET', '/Groups/engineering')).body).not.toHaveProperty('members')
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group']
    await scim('POST', '/Groups', { body: { schemas, displayName: 'unnamed' } })
    expect((await scim('DELETE', '/Groups/unnamed')).status).toBe(204)
    expect((await scim('GET', '/Groups/unnamed')).status).toBe(404)
  })
})

it('a user whose deletion is refused has no access', async () => {
  const id = await provision('rob')
  const app = { id: 'robs-bot', name: 'Bot', kind: 'agent', auth: { method: 'none' }, owners: [id] }
  expect((await admin('POST', '/apps', { body: app })).status).toBe(201)
  expect((await scim('DELETE', `/Users/${id}`)).status).toBe(409)
  expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({ active: false })
})

describe('Entra ID', () => {
  const entra = (method: string, path: string, body?: unknown) =>
    scim(method, path, { token: ENTRA[1] ?? '', body })

  it('creates a user with booleans as strings, and changes missing attributes', async () => {
    const probe = await entra(
      'GET',
      `/Users?filter=${encodeURIComponent('externalId eq "00000000-no-such"')}`,
    )
    expect([probe.status, probe.body['totalResults']]).toEqual([200, 0])
    const { body } = await entra('POST', '/Users', entraUser('eva'))
    const id = String(body['id'])
    expect(body).toMatchObject({ active: true, emails: [{ value: 'eva@entra.test', primary: true }] })
    const changed = await patch(
      `/Users/${id}`,
      [
        { op: 'Replace', path: 'displayName', value: 'Eva E.' },
        { op: 'Add', path: 'name.givenName', value: 'Eva' },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'eva.e@entra.test' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0100' },
        { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Sales' },
      ],
      ENTRA[0],
    )
    expect(changed.status, JSON.stringify(changed.body)).toBe(200)
    expect(changed.body).toMatchObject({ displayName: 'Eva E.', name: { givenName: 'Eva' } })
    expect((await admin('GET', `/users/${id}`)).body).toMatchObject({
      email: 'eva.e@entra.test',
      emailVerified: false,
    })
    const off = await patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'False' }], ENTRA[0])
    expect(off.body['active']).toBe(false)
    expect((await entra('DELETE', `/Users/${id}`)).status).toBe(204)
    expect((await entra('GET', `/Users/${id}`)).status).toBe(404)
  })

  it('treats null as no address', async () => {
    const { body } = await scim('POST', '/Users', { body: oktaUser('nil', { emails: undefined }) })
    const path = `/Users/${String(body['id'])}`
    for (const op of ['Add', 'Replace']) {
      const changed = await patch(path, [{ op, path: 'emails', value: null }])
      expect([changed.status, changed.body['emails']]).toEqual([200, undefined])
    }
  })

  it('fills a group, and removes a member by value', async () => {
    const [a, b] = await Promise.all(
      ['fay', 'gus'].map(async (name) => String((await entra('POST', '/Users', entraUser(name))).body['id'])),
    )
    const group = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      externalId: 'object-id',
      displayName: 'sales',
      members: [],
    }
    const created = await entra('POST', '/Groups', group)
    expect(created.body).toMatchObject({ id: 'entra sales', externalId: 'object-id' })
    expect((await entra('GET', `/Users/${a}`)).body).toMatchObject({ externalId: 'entra-fay' })
    const path = '/Groups/entra%20sales'
    await patch(path, [{ op: 'Add', path: 'members', value: [{ value: a }, { value: b }] }], ENTRA[0])
    const removed = await patch(path, [{ op: 'Remove', path: 'members', value: [{ value: a }] }], ENTRA[0])
    expect(removed.body['members']).toMatchObject([{ value: b }])
    const listed = await entra(
      'GET',
      `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Sales"')}`,
    )
    expect(listed.body['Resources']).toEqual([expect.not.objectContaining({ members: expect.anything() })])
  })
})

describe('compliance clients and products', () => {
  it('see only the stored attributes', async () => {
    const names = async (urn: string) => {
      const { attributes } = (await scim('GET', `/Schemas/${urn}`)).body
      return (attributes as readonly { readonly name: string }[]).map(({ name }) => name)
    }
    expect(await names('urn:ietf:params:scim:schemas:core:2.0:User')).toEqual([
      ...['userName', 'name', 'displayName', 'active', 'emails', 'groups'],
    ])
    expect(await names(ENTERPRISE)).toEqual(['department'])
    const none = await scim('GET', `/Schemas/${ENTERPRISE}`, { token: ENTRA[0] ?? '' })
    expect(none.status).toBe(404)
    const extensions = async (token: string) => {
      const { body } = await scim('GET', '/ResourceTypes', { token })
      return (body['Resources'] as readonly Record<string, unknown>[]).map((one) => one['schemaExtensions'])
    }
    expect(await extensions(OKTA)).toEqual([[{ schema: ENTERPRISE, required: false }], undefined])
    expect(await extensions(ENTRA[0] ?? '')).toEqual([[], undefined])
  })

  it('see which parts of attributes are stored, and which they cannot change', async () => {
    const partsOf = async (kind: string, name: string) => {
      const urn = `urn:ietf:params:scim:schemas:core:2.0:${kind}`
      const { body } = await scim('GET', `/Schemas/${urn}`)
      expect(body['meta']).toMatchObject({ location: `${server.baseUrl}/scim/v2/Schemas/${urn}` })
      const attributes = body['attributes'] as readonly { name: string; subAttributes: object[] }[]
      return attributes.find((one) => one.name === name)?.subAttributes
    }
    expect(await partsOf('User', 'emails')).toMatchObject([
      { name: 'value', mutability: 'readWrite' },
      { name: 'type', mutability: 'readOnly' },
      { name: 'primary', mutability: 'readOnly' },
    ])
    expect(await partsOf('Group', 'members')).toMatchObject([{ name: 'value' }, { name: '$ref' }])
  })

  it('cannot filter what describes the server', async () => {
    const filter = encodeURIComponent('name eq "User"')
    for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig'])
      expect((await scim('GET', `${path}?filter=${filter}`)).status).toBe(403)
  })

  it('may send roles with custom types, like Entra ID', async () => {
    const roles = [{ primary: 'True', type: 'WindowsAzureActiveDirectoryRole', value: 'Reader' }]
    const created = await scim('POST', '/Users', { body: { ...oktaUser('rolf'), roles } })
    expect(created.status, JSON.stringify(created.body)).toBe(201)
  })

  it('set and remove a whole extension', async () => {
    const id = await provision('exa')
    const set = await patch(`/Users/${id}`, [{ op: 'add', path: ENTERPRISE, value: { department: 'R&D' } }])
    expect(set.body[ENTERPRISE]).toEqual({ department: 'R&D' })
    const removed = await patch(`/Users/${id}`, [{ op: 'remove', path: ENTERPRISE }])
    expect([removed.status, removed.body[ENTERPRISE]]).toEqual([200, undefined])
  })

  it('search by POST, in one resource type or both', async () => {
    await provision('susi')
    const body = { filter: 'userName eq "susi@acme.test"', attributes: ['userName'] }
    for (const path of ['/Users/.search', '/.search']) {
      const { status, body: list } = await scim('POST', path, { body })
      expect([status, list['totalResults']]).toEqual([200, 1])
      expect((list['Resources'] as readonly object[])[0]).not.toHaveProperty('emails')
    }
    expect((await scim('POST', '/Groups/.search', { body })).body['totalResults']).toBe(0)
    expect((await scim('GET', '/.search')).status).toBe(405)
  })

  const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User'
  const WORK = { value: 'otto@acme.test', type: 'work', primary: true }
  it.each<[string, object]>([
    ['attributes=emails', { emails: [WORK] }],
    ['attributes=emails.value, USERNAME', { userName: WORK.value, emails: [{ value: WORK.value }] }],
    [`attributes=${CORE}:name.givenName`, { name: { givenName: 'otto' } }],
    [`attributes=${ENTERPRISE}:department`, { [ENTERPRISE]: { department: 'R&D' } }],
    [`attributes=${ENTERPRISE}`, { [ENTERPRISE]: { department: 'R&D' } }],
    ['attributes=meta.resourceType', { meta: { resourceType: 'User' } }],
    ['attributes=userName.x,nope', {}],
    [
      `attributes=emails,name&excludedAttributes=id,schemas,emails.type,emails.primary,name.familyName`,
      { name: { givenName: 'otto' }, emails: [{ value: WORK.value }] },
    ],
    [
      `excludedAttributes=externalId,emails,name,${CORE}:active,${ENTERPRISE}:department,meta`,
      { userName: WORK.value, displayName: 'otto Smith', [ENTERPRISE]: {} },
    ],
  ])('get with %s only these attributes, of one user and in a list', async (query, expected) => {
    const key = { headers: { 'if-none-match': '"another"' } }
    const filter = encodeURIComponent('userName eq "otto@acme.test"')
    const before = (await scim('GET', `/Users?filter=${filter}`)).body['Resources'] as { id: string }[]
    const more = { [ENTERPRISE]: { department: 'R&D' } }
    const id = before[0]?.id ?? (await scim('POST', '/Users', { body: oktaUser('otto', more) })).body['id']
    const read = await scim('GET', `/Users/${id}?${query}`, key)
    expect(read.body).toEqual({ schemas: [CORE, ENTERPRISE], id, ...expected })
    const listed = await scim('GET', `/Users?filter=${filter}&${query}`)
    expect(listed.body['Resources']).toEqual([read.body])
  })

  it('learn by If-None-Match that they have the version, by any tag of a list (RFC 9110 section 13.1.2)', async () => {
    const path = `/Users/${await provision('inma')}`
    const { headers } = await scim('GET', path)
    const etag = headers.get('etag') ?? ''
    const ask = async (value: string, method = 'GET') =>
      (await scim(method, path, { headers: { 'if-none-match': value } })).status
    for (const value of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*'])
      expect(await ask(value)).toBe(304)
    expect([await ask('"x"'), await ask(etag, 'HEAD')]).toEqual([200, 304])
    const body = { ...oktaUser('inma'), displayName: 'Inma' }
    expect((await scim('PUT', path, { body, headers: { 'if-none-match': '*' } })).status).toBe(200)
  })

  it('read with HEAD what GET returns, without the body (RFC 9110 section 9.1)', async () => {
    for (const path of [
      '/Users',
      '/Groups',
      '/Schemas',
      `/Users/${await provision('hedi')}`,
      '/Users/none',
    ]) {
      const [got, asked] = [await scim('GET', path), await scim('HEAD', path)]
      expect([asked.status, asked.body, asked.headers.get('etag')]).toEqual([
        ...[got.status, {}, got.headers.get('etag')],
      ])
    }
    expect((await scim('PUT', '/Users', { body: {} })).headers.get('allow')).toBe('GET, HEAD, POST')
  })

  it('are told that there is no /Me (RFC 7644 section 3.11), nor anything below a single document', async () => {
    expect((await scim('GET', '/Me')).status).toBe(501)
    expect((await scim('GET', '/ServiceProviderConfig/x')).status).toBe(404)
  })
})

describe('a dry run', () => {
  const dry = (method: string, path: string, body?: unknown) =>
    scim(method, `${path}?dryRun=true`, body === undefined ? {} : { body })
  const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

  it('responds like the change, and changes nothing', async () => {
    const created = await dry('POST', '/Users', oktaUser('dora'))
    expect([created.status, created.headers.get('crosswalk-dry-run')]).toEqual([201, 'true'])
    expect(created.body).toMatchObject({ userName: 'dora@acme.test', active: true })
    const filter = encodeURIComponent('userName eq "dora@acme.test"')
    expect((await scim('GET', `/Users?filter=${filter}`)).body).toMatchObject({ totalResults: 0 })

    const id = await provision('dora')
    await patch('/Groups/engineering', [{ op: 'add', path: 'members', value: [{ value: id }] }])
    const grant = await reach('dora')
    const redeemed = await redeem(server.baseUrl, String(grant.body.access_token))
    const Operations = [{ op: 'replace', value: { active: false } }]
    const stopped = await dry('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations })
    expect([stopped.status, stopped.body['active']]).toEqual([200, false])
    expect((await dry('DELETE', `/Users/${id}`)).status).toBe(204)
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({ active: true })
    expect(await isLive(server.baseUrl, String(redeemed.body.access_token))).toBe(true)
    expect((await scim('PATCH', `/Users/${id}`, { body: { schemas: [PATCH], Operations } })).status).toBe(200)
    expect(await isLive(server.baseUrl, String(redeemed.body.access_token))).toBe(false)
  })

  it('deletes no user who was inactive and in no group', async () => {
    const id = await provision('dana')
    await patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }])
    expect((await dry('DELETE', `/Users/${id}`)).status).toBe(204)
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({ active: false })
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204)
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404)
  })

  it('fails if the change would fail', async () => {
    await provision('dina')
    expect((await dry('POST', '/Users', oktaUser('dina'))).status).toBe(409)
    expect((await dry('PATCH', '/Users/nobody', { schemas: [PATCH], Operations: [] })).status).toBe(404)
    expect((await dry('POST', '/Groups', { displayName: 'night shift' })).body).toMatchObject({
      displayName: 'night shift',
    })
    expect((await scim('POST', '/Users?dryRun=yes', { body: oktaUser('dirk') })).status).toBe(400)
  })
})

describe('a directory', () => {
  it('cannot send an object with more than 1,000 members, which the library would process one by one', async () => {
    const fill = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, 1]))
    const own = Object.keys(oktaUser('many')).length
    const most = await scim('POST', '/Users', { body: oktaUser('many', fill(1000 - own)) })
    expect(most.status, JSON.stringify(most.body)).toBe(201)
    for (const body of [oktaUser('more', fill(1001 - own)), oktaUser('more', { name: fill(1001) })])
      expect(await scim('POST', '/Users', { body })).toMatchObject({
        status: 400,
        body: { scimType: 'tooMany' },
      })
  })

  test('sees its own users and groups alone, and fills its groups with them alone', async () => {
    const id = await provision('hal')
    const elsewhere = await scim('GET', `/Users/${id}`, { token: ENTRA[0] ?? '' })
    expect([elsewhere.status, elsewhere.headers.get('content-type')]).toEqual([404, 'application/scim+json'])
    expect((await scim('GET', '/Users/usr_alice')).status).toBe(404)
    expect((await scim('DELETE', '/Users/usr_alice')).status).toBe(404)
    const group = { displayName: 'mixed', members: [{ value: 'usr_alice' }] }
    const refused = await scim('POST', '/Groups', {
      body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], ...group },
    })
    expect([refused.status, refused.body['scimType']]).toEqual([400, 'invalidValue'])
  })

  test('finds no user of another one by a filter, and leaves the groups of others to them', async () => {
    const id = await provision('eve')
    const find = async (filter: string, token: string) =>
      (await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`, { token })).body['totalResults']
    const [entra = ''] = ENTRA
    for (const filter of ['userName eq "eve@acme.test"', 'emails.value eq "eve@acme.test"'])
      expect([await find(filter, OKTA), await find(filter, entra)]).toEqual([1, 0])
    const local = { id: 'locals', members: [id] }
    expect((await admin('POST', '/groups', { body: local })).status).toBe(201)
    expect((await scim('GET', `/Users/${id}`)).body['groups'] ?? []).toEqual([])
    // An administrator added the user there, and must first remove the user.
    expect(await scim('DELETE', `/Users/${id}`)).toMatchObject({ status: 409 })
    expect((await admin('GET', '/groups/locals')).body.members).toEqual([id])
  })

  test('shows when its users and groups were created and changed (RFC 7643 section 3.1)', async () => {
    const user = await scim('POST', '/Users', { body: oktaUser('dated') })
    const group = await scim('POST', '/Groups', {
      body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'dated' },
    })
    const metaOf = ({ body }: { body: Record<string, unknown> }) => body['meta'] as Record<string, string>
    for (const [path, made, change] of [
      ['/Users', user, oktaUser('dated', { displayName: 'Changed' })],
      ['/Groups', group, { ...group.body, displayName: 'Changed' }],
    ] as const) {
      const { created = '', lastModified } = metaOf(made)
      expect([lastModified, Date.parse(created)]).toEqual([created, expect.closeTo(Date.now(), -5)])
      await new Promise((resolve) => setTimeout(resolve, 2))
      const id = String(made.body['id'])
      const changed = metaOf(await scim('PUT', `${path}/${id}`, { body: change }))
      expect(changed.created).toBe(created)
      expect(Date.parse(changed.lastModified ?? '')).toBeGreaterThan(Date.parse(created))
      expect(metaOf(await scim('GET', `${path}/${id}`))).toEqual(changed)
      const filter = encodeURIComponent(`id eq "${id}" and meta.created le "${created}"`)
      const { Resources } = (await scim('GET', `${path}?filter=${filter}`)).body
      expect(Resources).toMatchObject([{ id, meta: changed }])
    }
  })

  test('takes no user name or address of others', async () => {
    const taken = await scim('POST', '/Users', { body: oktaUser('x', { userName: 'ALICE' }) })
    expect([taken.status, taken.body]).toMatchObject([409, { status: '409', scimType: 'uniqueness' }])
    const mail = oktaUser('y', { emails: [{ value: 'Alice@acme.test', primary: true }] })
    expect((await scim('POST', '/Users', { body: mail })).status).toBe(409)
    const id = await provision('ned')
    const rename = (userName: string) => scim('PUT', `/Users/${id}`, { body: oktaUser('ned', { userName }) })
    expect([(await rename('NED')).status, (await rename('Alice')).status]).toEqual([200, 409])
    expect((await rename('alice')).body['scimType']).toBe('uniqueness')
    // It does not say whose: that user may be of another source.
    const detail = 'The userName or e-mail address is already used.'
    const refusal = { status: 409, body: { status: '409', scimType: 'uniqueness', detail } }
    // Users sign in with either.
    expect((await scim('POST', '/Users', { body: oktaUser('desk', { emails: [] }) })).status).toBe(201)
    const crossed = [
      { userName: 'alice@acme.test' },
      { emails: [{ value: 'DESK@acme.test', primary: true }] },
    ]
    for (const change of crossed) {
      expect(await scim('POST', '/Users', { body: oktaUser('z', change) })).toMatchObject(refusal)
      const body = oktaUser('ned', change)
      expect(await scim('PUT', `/Users/${id}`, { body })).toMatchObject(refusal)
      const Operations = [{ op: 'replace', value: change }]
      const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations }
      expect(await scim('PATCH', `/Users/${id}`, { body: patch })).toMatchObject(refusal)
    }
  })

  test('gives no admin role above its own, by user or by group, and may stop its users all the same', async () => {
    const id = await provision('ida')
    const group = (displayName: string, value: string) => ({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName,
      members: [{ value }],
    })
    expect((await scim('POST', '/Groups', { body: group('root', id) })).status).toBe(403)
    expect((await scim('POST', '/Groups', { body: group('watchers', id) })).status).toBe(403)
    const theirs = await scim('POST', '/Users', { token: ENTRA[0] ?? '', body: entraUser('jim') })
    const watcher = String(theirs.body['id'])
    const made = await scim('POST', '/Groups', { token: ENTRA[0] ?? '', body: group('watchers', watcher) })
    expect(made.status).toBe(201)
    // A user provisioned by the directory, made owner by an administrator.
    const { etag } = await admin('GET', '/users/' + id)
    await admin('PATCH', `/users/${id}`, {
      body: { groups: ['root'] },
      ...(etag === undefined ? {} : { ifMatch: etag }),
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    expect((await patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: 'mine' }])).status).toBe(
      403,
    )
    expect((await patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }])).status).toBe(200)
    expect((await patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: true }])).status).toBe(403)
  })

  test('pages, counts, and bounds its lists', async () => {
    await Promise.all([provision('kim'), provision('leo')])
    const all = await scim('GET', '/Users?count=0')
    expect(all.body).toMatchObject({ itemsPerPage: 0, Resources: [] })
    const total = Number(all.body['totalResults'])
    const last = await scim('GET', `/Users?startIndex=${total}&count=5&attributes=userName`)
    expect(last.body).toMatchObject({ totalResults: total, startIndex: total, itemsPerPage: 1 })
    expect(Object.keys((last.body['Resources'] as object[])[0] ?? {}).toSorted()).toEqual([
      ...['id', 'schemas', 'userName'],
    ])
    expect((await scim('GET', '/Users?startIndex=-3&count=-1')).body).toMatchObject({
      startIndex: 1,
      itemsPerPage: 0,
    })
  })

  test('changes under a condition', async () => {
    const id = await provision('max')
    const etag = (await scim('GET', `/Users/${id}`)).headers.get('etag') ?? ''
    expect((await scim('GET', `/Users/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const body = oktaUser('max', { displayName: 'M' })
    for (const old of ['W/"old"', 'W/"old", W/"older"'])
      expect((await scim('PUT', `/Users/${id}`, { body, headers: { 'if-match': old } })).status).toBe(412)
    expect(
      (await scim('PUT', `/Users/${id}`, { body, headers: { 'if-match': `W/"old", ${etag}` } })).status,
    ).toBe(200)
    expect((await scim('PUT', `/Users/${id}`, { body, headers: { 'if-match': etag } })).status).toBe(412)
  })

  test('tells what it can do', async () => {
    const config = await scim('GET', '/ServiceProviderConfig')
    expect(config.body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      etag: { supported: true },
    })
    expect((await scim('GET', '/ResourceTypes')).body['Resources']).toMatchObject([
      { id: 'User' },
      { id: 'Group' },
    ])
    const schemas = await scim('GET', '/Schemas')
    expect(schemas.body).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 3 })
    expect((await scim('GET', `/Schemas/${ENTERPRISE}`)).body).toMatchObject({ id: ENTERPRISE })
  })

  test.each<[string, string, string, object, number]>([
    ['invalid JSON', 'POST', '/Users', { body: 'no' }, 400],
    ['duplicate members', 'POST', '/Users', { body: '{"userName":"a","userName":"b"}' }, 400],
    [
      'another content type',
      'POST',
      '/Users',
      { body: '{}', headers: { 'content-type': 'text/plain' } },
      415,
    ],
    [
      'a user without userName',
      'POST',
      '/Users',
      { body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] } },
      400,
    ],
    ['a user in the largest body', 'POST', '/Users', { body: '{}'.padEnd(MAX_SCIM_BYTES) }, 400],
    ['a body that is a byte larger', 'POST', '/Users', { body: '{}'.padEnd(MAX_SCIM_BYTES + 1) }, 413],
    ['an invalid filter', 'GET', '/Users?filter=userName%20is%20x', {}, 400],
    [
      'a filter that is too long',
      'GET',
      `/Users?filter=${encodeURIComponent('userName eq "x"'.padEnd(1024))}%20`,
      {},
      400,
    ],
    ['an unknown resource type', 'GET', '/Devices', {}, 404],
    ['an unsupported method', 'DELETE', '/Users', {}, 405],
    ['a member of Object.prototype', 'GET', '/constructor', {}, 404],
    ['bulk', 'POST', '/Bulk', { body: {} }, 404],
  ])('rejects %s', async (_, method, path, options, status) => {
    const reply = await scim(method, path, options)
    expect([reply.status, reply.body['schemas']]).toEqual([
      status,
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ])
  })

  test('refuses operations without end, and paths that are not there', async () => {
    const id = await provision('nic')
    const many = Array.from({ length: 501 }, () => ({ op: 'replace', path: 'displayName', value: 'x' }))
    expect((await patch(`/Users/${id}`, many)).status).toBe(400)
    const nowhere = await patch(`/Users/${id}`, [{ op: 'replace', path: 'nonsense', value: 'x' }])
    expect([nowhere.status, nowhere.body['scimType']]).toEqual([400, 'invalidPath'])
  })

  test('is proved by its token alone, and guesses are slowed down', async () => {
    expect((await scim('GET', '/Users', { token: `${OKTA}x` })).status).toBe(401)
    const without = await fetch(`${server.baseUrl}/scim/v2/Users`)
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="scim"'])
    expect((await scim('GET', '/Users', { token: 'an admin token of more than 32 characters' })).status).toBe(
      401,
    )
    for (let count = 3; count < 10; count += 1) await scim('GET', '/Users', { token: 'wrong' })
    const delayed = await scim('GET', '/Users', { token: 'wrong' })
    expect([delayed.status, Number(delayed.headers.get('retry-after')) > 0]).toEqual([429, true])
  })
})
