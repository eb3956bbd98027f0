// Problems of a request are reported in plain words, each with its path, and never in the validator's wording.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN, adminOf } from './admin.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

interface Refused {
  readonly errors: readonly { readonly path: string; readonly problem: string }[]
  readonly detail: string
}

async function refuse(method: string, path: string, body?: unknown): Promise<Refused> {
  const answer = await adminOf(server.baseUrl)(method, path, body === undefined ? {} : { body })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  const { errors, detail } = answer.body as Refused
  for (const { problem } of errors) expect(detail).toContain(problem)
  return { errors, detail }
}

const UNUSABLE = 'must be text without U+0000 and without halves of surrogate pairs'
const REASON = 'x'.repeat(1025)
const WISH = { app: 'agent0', user: 'alice', audience: 'https://as.test' }

describe('a body with too many mistakes to report', () => {
  const send = (body: string) => adminOf(server.baseUrl)('POST', '/simulate', { body })

  it('is refused with the first ones', async () => {
    const { status, body } = await send(`{"authorizationDetails":[${'1,'.repeat(130_000)}1]}`)
    expect([status, body.title, body.errors.length]).toEqual([400, 'The request is not valid', 100])
  })

  it('is not validated if it has too many values', async () => {
    const { status, body } = await send(`{"authorizationDetails":[${'1,'.repeat(250_000)}1]}`)
    expect([status, body.detail]).toEqual([413, 'The limit is 209715 values in one body.'])
  })
})

it.each([
  ['/authorization-servers', {}],
  ['/resource-apps', { name: 'Partner' }],
])('refuses an issuer in %s that is no URL, and stays able to change', async (path, members) => {
  const body = (issuer: string) => ({
    ...members,
    id: 'partner',
    issuer,
    resources: [{ id: 'https://api.partner.test', scopes: ['a'] }],
  })
  for (const issuer of ['https://as.partner.test:99999', 'https://[as'])
    expect((await refuse('POST', path, body(issuer))).errors).toMatchObject([{ path: '/issuer' }])
  const admin = adminOf(server.baseUrl)
  expect((await admin('POST', path, { body: body('https://as.partner.test:9999') })).status).toBe(201)
})

it.each([
  ['groups', {}],
  ['apps', { name: 'App', kind: 'web', auth: { method: 'none' } }],
])(
  'refuses an id for %s that no URL can name, and that could never be changed or deleted',
  async (name, rest) => {
    for (const id of ['.', '..'])
      expect((await refuse('POST', `/${name}`, { id, ...rest })).errors).toMatchObject([{ path: '/id' }])
    const admin = adminOf(server.baseUrl)
    for (const id of ['...', '.a', 'a..'])
      expect((await admin('POST', `/${name}`, { body: { id, ...rest } })).status).toBe(201)
  },
)

it('reports each repeated parameter once', async () => {
  const { errors } = await refuse('GET', '/users?limit=1&q=a&limit=2&limit=3&q=b')
  const problem = 'is given twice'
  expect(errors).toEqual(['/limit', '/q'].map((path) => expect.objectContaining({ path, problem })))
})

describe('the character encoding of a body', () => {
  const send = async (body: Buffer) => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }
    const url = `${server.baseUrl}/admin/api/v1/users`
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })
    return [answer.status, (await answer.json()) as Record<string, unknown>] as const
  }

  it.each([
    ['UTF-8', Buffer.from('{"username":"zo\u00e9"}'), 'zo\u00e9'],
    ['UTF-8 with its mark', Buffer.from('\ufeff{"username":"yo\u00e9"}'), 'yo\u00e9'],
  ])('accepts %s', async (_, body, username) => {
    expect(await send(body)).toEqual([201, expect.objectContaining({ username })])
  })

  it.each([
    ['Latin-1', Buffer.from('{"username":"xo\u00e9"}', 'latin1')],
    ['UTF-8 that is cut off', Buffer.from('{"username":"wo\u00e9').subarray(0, -1)],
  ])('rejects %s instead of replacing characters', async (_, body) => {
    const detail = 'The body is not JSON: it is not UTF-8 text.'
    expect(await send(body)).toEqual([400, expect.objectContaining({ detail })])
  })
})

describe('a username that administrators cannot tell from another', () => {
  beforeAll(async () => {
    await adminOf(server.baseUrl)('POST', '/users', { body: { id: 'usr_eva', username: '\u00e9va' } })
  })

  it.each([
    ['fullwidth letters', '\uff41lice', 'alice'],
    ['a space after it', 'alice ', 'alice'],
    ['an ideographic space', 'alice\u3000', 'alice'],
    ['a combining accent', 'e\u0301va', '\u00e9va'],
  ])('is refused: %s', async (_, username, taken) => {
    const { status, body } = await adminOf(server.baseUrl)('POST', '/users', { body: { username } })
    const detail = expect.stringContaining(`the username ${taken} is already used by users/`)
    expect([status, body]).toEqual([409, expect.objectContaining({ detail })])
  })
})

describe('JSON that parsers read differently', () => {
  const send = async (text: string) => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }
    const url = `${server.baseUrl}/admin/api/v1/users`
    const answer = await fetch(url, { method: 'POST', headers, body: text })
    const { type, detail } = (await answer.json()) as Record<'type' | 'detail', string>
    return [answer.status, type?.split(/[/:]/).at(-1), detail]
  }
  const nested = (levels: number) =>
    `{"username":"deep","attributes":{"a":${'['.repeat(levels)}1${']'.repeat(levels)}}}`

  it.each([
    ['a name twice', '{"username":"ute","username":"uwe"}', /same member twice/],
    ['a name twice, once escaped', '{"username":"ute","\\u0075sername":"uwe"}', /same member twice/],
    ['a name twice far down', '{"username":"ute","attributes":{"a":"1","a":"2"}}', /same member twice/],
    ['more levels than are read', nested(99), /deeper than 100 levels/],
    ['more levels than a stack has', nested(290_000), /deeper than 100 levels/],
    ['more values than are parsed', `{"a":[${'1,'.repeat(300_000)}1]}`, /too many values/],
    ['half an object', '{"username":', /not JSON: Unexpected end/],
  ])('rejects %s', async (_, text, detail) => {
    expect(await send(text)).toEqual([400, 'malformed-request', expect.stringMatching(detail)])
  })

  it.each([
    ['a name in two objects', '{"username":"una","attributes":{"username":"una"}}', 201],
    ['as many levels as are read, for the schema to judge', nested(98), 400],
  ])('accepts %s', async (_, text, status) => {
    const [got, type] = await send(text)
    expect([got, type]).toEqual([status, status === 201 ? undefined : 'invalid-request'])
  })
})

describe('problems in plain words', () => {
  it.each<readonly [string, string, string, unknown, Readonly<Record<string, string>>]>([
    ['a list for an object', 'POST', '/users', [], { '': 'must be an object' }],
    ['a number for text', 'POST', '/users', { username: 5 }, { '/username': 'must be a string' }],
    [
      'a choice that is missing',
      'POST',
      '/apps',
      { name: 'X', auth: { method: 'none' } },
      { '/kind': 'is missing: one of agent, web, service' },
    ],
    [
      'a choice that there is not',
      'POST',
      '/policies',
      { effect: 'allow' },
      { '/effect': 'must be one of deny, require, limit' },
    ],
    [
      'an id with spaces',
      'POST',
      '/policies',
      { id: 'No agents', effect: 'deny' },
      { '/id': expect.stringMatching(/^must be an id: letters/) },
    ],
    [
      'a resource without an identifier',
      'POST',
      '/resource-apps',
      { name: 'X', issuer: 'https://x.example', resources: [{ id: '', scopes: [] }] },
      { '/resources/0/id': 'must be an absolute URI without fragment (RFC 8707 section 2)' },
    ],
    [
      'text too short',
      'POST',
      '/simulate',
      { ...WISH, user: '' },
      { '/user': 'must be at least 1 character' },
    ],
    [
      'neither of two types',
      'POST',
      '/simulate',
      { ...WISH, resource: null },
      { '/resource': 'must be a string or an array' },
    ],
    ['a number too small', 'GET', '/users?limit=0', undefined, { '/limit': 'must be at least 1' }],
    ['a number too big', 'GET', '/users?limit=201', undefined, { '/limit': 'must be at most 200' }],
    [
      'what is no moment',
      'GET',
      '/decisions?since=yesterday',
      undefined,
      { '/since': 'must be a moment with offset, for example 2027-01-31T00:00:00Z' },
    ],
    [
      'a block that has ended already',
      'POST',
      '/blocks',
      { kind: 'app', target: 'agent0', reason: 'x', until: '2020-01-01T00:00:00Z' },
      { '/until': 'must be in the future' },
    ],
    [
      'a token that has expired already',
      'POST',
      '/tokens',
      { name: 'ci', role: 'auditor', expiresAt: '2020-01-01T00:00:00Z' },
      { '/expiresAt': 'must be in the future' },
    ],
    [
      'a foreign cursor',
      'GET',
      '/users?cursor=xx',
      undefined,
      { '/cursor': 'is not a cursor from this API' },
    ],
    [
      'a reason too long, once',
      'POST',
      '/connections/agent0-todo0/suspend',
      { reason: REASON },
      { '/reason': 'must be at most 1024 characters' },
    ],
    [
      'a reason too long beside an object',
      'POST',
      '/users',
      { username: 'eve', reason: REASON },
      { '/reason': 'must be at most 1024 characters' },
    ],
    ['U+0000 in a path', 'GET', '/decisions/a%00', undefined, { '/id': UNUSABLE }],
    ['U+0000 in a path with a known end', 'GET', '/users/a%00/history', undefined, { '/id': UNUSABLE }],
    ['U+0000 in a filter', 'GET', '/decisions?user=%00', undefined, { '/user': UNUSABLE }],
    [
      'U+0000 in a body',
      'POST',
      '/users',
      { username: 'eve', externalId: 'a\0' },
      { '/externalId': UNUSABLE },
    ],
    [
      'a name that reverses the text around it',
      'POST',
      '/users',
      { username: 'a\u202e' },
      { '/username': 'must be a visible name on one line, without invisible characters' },
    ],
    ['half a surrogate pair', 'POST', '/groups', { id: 'a\ud800' }, { '/id': UNUSABLE }],
    [
      'U+0000 in a name far down',
      'POST',
      '/users',
      { username: 'eve', attributes: { 'a\0': 'x' } },
      { '/attributes/a\0': UNUSABLE },
    ],
    [
      'a name that schemas would drop',
      'POST',
      '/policies',
      JSON.parse('{"id":"p","when":{"__proto__":["x"],"app.kind":"agent"},"effect":"deny"}') as object,
      { '/when/__proto__': 'must have another name' },
    ],
    [
      'what the schema words itself',
      'POST',
      '/explain',
      {},
      { '': 'must have exactly one of decisionId, jti, traceId, request and raw' },
    ],
  ])('for %s', async (_, method, path, body, expected) => {
    const { errors } = await refuse(method, path, body)
    expect(errors).toEqual(Object.entries(expected).map(([at, problem]) => ({ path: at, problem })))
  })
})

it('rejects U+0000 in the reason header, and accepts any other text', async () => {
  const admin = adminOf(server.baseUrl)
  const create = async (reason: string) => {
    const headers = { 'crosswalk-reason': encodeURIComponent(reason) }
    return (await admin('POST', '/groups', { body: { id: 'crew', name: 'ünï-💥' }, headers })).status
  }
  expect([await create('a\0b'), await create('ä💥\u0001')]).toEqual([400, 201])
})

it('accepts a valid request', async () => {
  const admin = adminOf(server.baseUrl)
  const reason = REASON.slice(1)
  expect((await admin('POST', '/connections/agent0-todo0/suspend', { body: { reason } })).status).toBe(200)
  expect((await admin('GET', '/users?limit=200')).status).toBe(200)
})
