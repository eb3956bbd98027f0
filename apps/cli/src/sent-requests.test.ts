// What commands send to the admin API: every option reaches its member of the request. An option that is lost on the way
// would change more, or less, than the user named, and the command would still report success.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { MAX_ACCOUNTS, MAX_EXAMPLES } from '@crosswalk/admin-api'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'

import { runCrosswalk } from './testing/run-crosswalk.ts'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-sent-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => void vi.restoreAllMocks())

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const FILES = {
  DRAFT: write('draft.yaml', 'idp: { groups: [] }\n'),
  SECRET: write('secret.txt', 'the key of the service\n'),
  INVITATION: write(
    'invitation.json',
    '{"schema":"crosswalk.invitation/v1","about":"","signed":"eyJ.e30.c2ln"}',
  ),
  ACCOUNTS: write(
    'accounts.ndjson',
    Array.from({ length: MAX_ACCOUNTS + 1 }, (_, at) => `{"subject":"u${at}"}\n`).join(''),
  ),
  OBJECT: write('app.yaml', 'name: N\n'),
  NAMED: write('named.yaml', 'id: y\nname: N\n'),
  PACK: join(folder, 'pack.zip'),
  RESPONSE: write('response.json', '{"http":400,"body":{"error":"invalid_grant"}}'),
}
const DRAFT = { idp: { groups: [] } }

/** Whatever a command reads, in one object. */
const ANSWER = {
  id: 'x',
  revision: 3,
  app: 'agent0',
  resourceApp: 'todo0',
  issuer: 'https://as.test',
  resources: ['https://api.test'],
  assignments: { everyone: false, users: ['usr_old'], groups: ['old'] },
  document: {},
  variables: [],
  items: [{ id: 'usr_alice', username: 'alice' }],
  next: null,
}
/** Ends a command once it has sent a request that changes or evaluates something. */
const REFUSAL = { type: 'urn:problem:conflict', title: 'Conflict', status: 409 }

interface Sent {
  readonly to: string
  readonly body?: unknown
  /** Of the headers that change what a request does */
  readonly headers?: Readonly<Record<string, string>>
}

/** @returns the requests of a command line */
async function listRequests(line: string, { isRefused = true } = {}): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const { pathname, searchParams } = new URL(String(input))
    const query = decodeURIComponent(searchParams.toString())
    const headers = [...new Headers(init?.headers)].filter(([name]) =>
      ['if-match', 'crosswalk-reason', 'crosswalk-override'].includes(name),
    )
    sent.push({
      to: `${init?.method ?? 'GET'} ${pathname.replace('/admin/api/v1', '')}${query === '' ? '' : `?${query}`}`,
      ...(init?.body === undefined ? {} : { body: JSON.parse(String(init.body)) as unknown }),
      ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    })
    if (init?.method === undefined || init.method === 'GET' || !isRefused)
      return Response.json(ANSWER, { headers: { etag: '"3"' } })
    return Response.json(REFUSAL, { status: 409, headers: { 'content-type': 'application/problem+json' } })
  })
  const words = line.split(' ').map((word) => FILES[word as keyof typeof FILES] ?? word)
  await runCrosswalk([...words, '--server', 'http://127.0.0.1:4000'], {
    env: { CROSSWALK_ADMIN_TOKEN: 'token' },
    nowMs: () => NOW,
  })
  return sent
}

describe('sends every option', () => {
  it.each<[line: string, request: Sent]>([
    [
      'access revoke --authorization-server as --client c --subject s --user u --app a --connection k --yes --reason r',
      {
        to: 'POST /access-tokens/revoke',
        body: {
          ...{ authorizationServer: 'as', client: 'c', subject: 's', user: 'u', app: 'a', connection: 'k' },
          reason: 'r',
        },
      },
    ],
    [
      'access revoke tok --user u --reason r',
      { to: 'POST /access-tokens/revoke', body: { id: 'tok', user: 'u', reason: 'r' } },
    ],
    [
      'admin-token create CI --role app-owner --app a b --expires 90d --reason r',
      {
        to: 'POST /tokens',
        body: {
          ...{ name: 'CI', role: 'app-owner', apps: ['a', 'b'], expiresAt: '2026-06-08T12:00:00.000Z' },
          reason: 'r',
        },
      },
    ],
    [
      'app assign x --user u --group g --reason r --override-tests',
      {
        to: 'PATCH /apps/x',
        body: { assignments: { users: ['usr_old', 'u'], groups: ['old', 'g'] } },
        headers: { 'if-match': '"3"', 'crosswalk-reason': 'r', 'crosswalk-override': 'policy-tests' },
      },
    ],
    [
      'app create x --name N --reason r',
      { to: 'POST /apps', body: { id: 'x', name: 'N' }, headers: { 'crosswalk-reason': 'r' } },
    ],
    [
      'app create x --file NAMED --reason r',
      { to: 'POST /apps', body: { id: 'x', name: 'N' }, headers: { 'crosswalk-reason': 'r' } },
    ],
    [
      'app update x --name N --reason r',
      {
        to: 'PATCH /apps/x',
        body: { name: 'N' },
        headers: { 'if-match': '"3"', 'crosswalk-reason': 'r' },
      },
    ],
    [
      'app update x --file OBJECT --replace --reason r',
      {
        to: 'PUT /apps/x',
        body: { name: 'N' },
        headers: { 'if-match': '"3"', 'crosswalk-reason': 'r' },
      },
    ],
    [
      'app delete x --yes --reason r',
      { to: 'DELETE /apps/x', headers: { 'if-match': '"3"', 'crosswalk-reason': 'r' } },
    ],
    ['audit checkpoints --log idp -o json', { to: 'GET /audit-checkpoints?latest=true&log=idp' }],
    ['audit checkpoints --all -o json', { to: 'GET /audit-checkpoints?latest=false' }],
    [
      'audit pack --log idp --type idjag.denied --since 2d --to PACK',
      { to: 'GET /audit-events/pack?since=2026-03-08T12:00:00.000Z&log=idp&type=idjag.denied' },
    ],
    [
      'audit list --type idjag.denied --since 2h --until 30m --limit 7 -o json',
      {
        to: 'GET /audit-events?since=2026-03-10T10:00:00.000Z&until=2026-03-10T11:30:00.000Z&type=idjag.denied&limit=7',
      },
    ],
    [
      'credential store calendar SECRET --user u --reason r',
      {
        to: 'POST /stored-credentials',
        body: { resourceApp: 'calendar', user: 'u', secret: 'the key of the service', reason: 'r' },
      },
    ],
    [
      'diff DRAFT --prune --set-secrets',
      { to: 'POST /configuration/plan', body: { document: DRAFT, prune: true, setSecrets: true } },
    ],
    ['user history alice', { to: 'GET /users/usr_alice/history' }],
    ['export --owner file', { to: 'GET /configuration?owner=file' }],
    [
      'explain RESPONSE --http 401 --leg redemption --vendor okta',
      {
        to: 'POST /explain',
        body: {
          raw: { http: 401, body: { error: 'invalid_grant' }, leg: 'redemption', vendorHint: 'okta' },
        },
      },
    ],
    ['explain trc_1', { to: 'POST /explain', body: { traceId: 'trc_1' } }],
    [
      'invitation accept INVITATION --app a --everyone --provisioning none --email-domain a.test b.test',
      {
        to: 'POST /invitations/open',
        body: {
          signed: 'eyJ.e30.c2ln',
          app: 'a',
          assignments: { everyone: true, groups: [], users: [] },
          provisioning: 'none',
          emailDomains: ['a.test', 'b.test'],
        },
      },
    ],
    [
      'invitation accept INVITATION --group g',
      {
        to: 'POST /invitations/open',
        body: {
          signed: 'eyJ.e30.c2ln',
          assignments: { everyone: false, groups: ['g'], users: [] },
          provisioning: 'jit',
          emailDomains: [],
        },
      },
    ],
    [
      'invitation create --connection k --days 3 --contact ops',
      { to: 'POST /connections/k/invitation', body: { days: 3, contact: 'ops' } },
    ],
    [
      'matrix --draft DRAFT --user u --scope todos.read',
      { to: 'POST /simulate/matrix', body: { draft: DRAFT, users: ['u'], scope: 'todos.read' } },
    ],
    [
      'policy replay DRAFT --since 2d --until 1h --limit 5 --prune -o csv',
      {
        to: 'POST /replay',
        body: {
          document: DRAFT,
          since: '2026-03-08T12:00:00.000Z',
          until: '2026-03-10T11:00:00.000Z',
          limit: 5,
          prune: true,
          examples: MAX_EXAMPLES,
        },
      },
    ],
    [
      'simulate --connection k --user u --draft DRAFT',
      {
        to: 'POST /simulate',
        body: {
          app: 'agent0',
          audience: 'https://as.test',
          resource: ['https://api.test'],
          user: 'u',
          draft: DRAFT,
        },
      },
    ],
  ])('%s', async (line, request) => expect((await listRequests(line)).at(-1)).toEqual(request))
})

it.each([
  'access revoke --yes --reason r',
  'account import vendor ACCOUNTS',
  'admin-token revoke t',
  'app assign x --reason r',
  // Without a file, it would remove every other member.
  'app update x --replace --name N --reason r',
  'block add everything --reason r',
  'credential revoke c',
  'credential store calendar SECRET',
  'kill everything --yes',
  'kill lift',
  'kill user --yes --reason r',
  'what-can',
])('%s sends nothing: it lacks a target, a reason or a confirmation', async (line) =>
  expect(await listRequests(line)).toEqual([]),
)

it('account import sends each account once, in groups of as many as the server accepts', async () => {
  const sent = await listRequests('account import vendor ACCOUNTS --reason r', { isRefused: false })
  const subjects = sent.map(({ body }) =>
    (body as { accounts: { subject: string }[] }).accounts.map(({ subject }) => subject),
  )
  expect(subjects.map(({ length }) => length)).toEqual([MAX_ACCOUNTS, 1])
  expect(new Set(subjects.flat()).size).toBe(MAX_ACCOUNTS + 1)
})
