// What commands print of a response of the admin API, and the exit code that scripts act on.
import { afterEach, expect, it, vi } from 'vitest'

import { runCrosswalk } from './testing/run-crosswalk.ts'

afterEach(() => void vi.restoreAllMocks())

/** @param answer - the body of every response; undefined: none */
async function print(line: string, answer: object | undefined, stdin = '') {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () =>
    answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer),
  )
  const env = { CROSSWALK_ADMIN_TOKEN: 'token' }
  return runCrosswalk([...line.split(' '), '--server', 'http://127.0.0.1:4000'], { env, stdin })
}

const list = (...items: readonly object[]) => ({ items, next: null })

it.each<[line: string, answer: object | undefined, out: RegExp]>([
  [
    'account disable as a --reason r',
    { account: { id: 'a' }, revokedTokens: 3 },
    /a disabled, tokens revoked: 3$/m,
  ],
  [
    'admin-token list',
    list({ id: 't', name: 'CI', role: 'app-owner', apps: ['agent0'], createdBy: 'admin', active: false }),
    /^t +CI +app-owner +agent0 +admin +– +false$/m,
  ],
  ['admin-token revoke t --reason r -o json', undefined, /"id": "t",\n +"ended": true/],
  [
    'audit retention show',
    { retentionDays: 30, hold: null, logs: [{ chain: 'idp', begins: 7, cutAt: '2026-03-01' }] },
    /^events are kept for 30 days\n.*\nidp +7 +2026-03-01\n$/,
  ],
  [
    'audit verify',
    {
      ...{ ok: true, events: 2, foreignCheckpoints: 0, limitation: 'The last event is not sealed.' },
      logs: [
        {
          ...{ log: 'idp', chain: 'idp', ok: true, events: 2, begins: 2, checkpoints: 1, external: 0 },
          head: { hash: '' },
        },
      ],
    },
    / {2}✓ idp {2}2 events from 2 on {2}.*\n! The last event is not sealed\.\n$/,
  ],
  [
    'block list --columns id,state',
    list(
      { id: 'b1', active: true, kill: true },
      { id: 'b2', active: true, kill: false },
      { id: 'b3', active: false, kill: true },
    ),
    /\nb1 +kill switch\nb2 +active\nb3 +ended\n$/,
  ],
  [
    'connection list --unused 90d --columns ends',
    list({ connection: 'k', expiresAt: '2026-05-01', uses: 0, people: 0 }),
    /\n2026-05-01\n$/,
  ],
  [
    'credential list --columns user',
    list({ id: 'c1' }, { id: 'c2', user: 'usr_alice' }),
    /\n\(all\)\nusr_alice\n$/,
  ],
  [
    'decisions list --columns user,why',
    list({
      request: { subject: { ref: 'usr_alice', display: 'Alice' } },
      resolution: {},
      summary: { admin: 'for administrators', user: 'for users' },
    }),
    /\nAlice +for administrators\n$/,
  ],
  [
    'grant show g',
    {
      ...{
        id: 'g',
        state: 'revoked',
        user: 'u',
        connection: 'k',
        scopes: ['a'],
        by: 'bob',
        at: '2026-03-01',
      },
      over: { by: 'carol', at: '2026-03-02' },
    },
    / {2}granted {2}by bob at 2026-03-01: no reason given\n {2}revoked {2}by carol at 2026-03-02: no reason given\n$/,
  ],
  [
    'kill app a --yes --reason r',
    {
      ...{ id: 'blk_1', target: { kind: 'app', id: 'a' }, blockedMs: 1, effectiveMs: 2, tokensRevoked: 1 },
      sessionsEnded: true,
      told: [
        { audience: 'https://slow.test', acknowledgedMs: null },
        { audience: 'https://quick.test', acknowledgedMs: 5 },
      ],
      ...{ reach: [], worstCaseSeconds: 0, offlineSeconds: 0 },
    },
    /1 access token, all sessions .*\n {2}◷ notified {5}https:\/\/slow\.test: not acknowledged yet.*\n {2}✓ notified {5}https:\/\/quick\.test \(after 5 ms\)\n/,
  ],
  [
    'matrix --columns for,b',
    {
      ...{ connections: [{ id: 'a' }, { id: 'b' }], allowed: 1 },
      rows: [
        {
          ...{ user: 'usr_alice', username: 'alice' },
          cells: [
            { outcome: 'allow', code: 'XAA0000' },
            { outcome: 'deny', code: 'XAA1503' },
          ],
        },
      ],
    },
    /\nalice +✕ XAA1503\n$/,
  ],
  [
    'user reset-factor alice --reason r',
    {
      ...list(),
      ...{ id: 'usr_alice', removed: { passkeys: 1, authenticatorApp: false }, keptOfFile: true },
      endedSessions: true,
    },
    /^✓ user usr_alice: 1 passkey removed, sessions ended; the secret in the configuration file stays\n$/,
  ],
])('%s', async (line, answer, out) =>
  expect(await print(line, answer)).toMatchObject({ exitCode: 0, out: expect.stringMatching(out) }),
)

it('the cells of a matrix name their connection for scripts', async () => {
  const cells = [
    { outcome: 'allow', code: 'XAA0000' },
    { outcome: 'deny', code: 'XAA1503' },
  ]
  const rows = [{ user: 'usr_alice', username: 'alice', cells }]
  const { out } = await print('matrix -o json', { connections: [{ id: 'a' }, { id: 'b' }], rows, allowed: 1 })
  expect(JSON.parse(out)).toMatchObject({ items: [{ cells: [{ connection: 'a' }, { connection: 'b' }] }] })
})

it('open starts a browser, unless it is to print the address only', async () => {
  const opened: string[] = []
  const open = (...args: readonly string[]) =>
    runCrosswalk(['open', 'keys', ...args, '--server', 'https://idp.test'], {
      openBrowser: async (url) => void opened.push(url),
    })
  const { out } = await open()
  expect([out, opened]).toEqual(['https://idp.test/admin/keys\n', ['https://idp.test/admin/keys']])
  expect(await open('--print')).toMatchObject({ exitCode: 0, out })
  expect(opened).toHaveLength(1)
})

it.each([
  [1, ''],
  [2, 'a kind has more than 10000 decisions; choose a shorter period\n'],
])('policy replay as CSV, of %i decisions with one example, says what is missing', async (decisions, err) => {
  const example = { decisionId: 'dec_1', time: '2026-03-01', app: 'a', user: 'u' }
  const group = { kind: 'newly_denied', decisions, examples: [example] }
  const printed = await print('policy replay - -o csv', { groups: [group] }, 'idp: { groups: [] }\n')
  expect([printed.out.split('\r\n').length, printed.err]).toEqual([3, err])
})

it('a kill that cannot count everything says so before it asks', async () => {
  const ends = { tokens: 10_000, users: 40, hasMore: true }
  const { err } = await print('kill everything', { reach: [], worstCaseSeconds: 0, offlineSeconds: 0, ends })
  expect(err).toContain('revokes now    at least 10000 access tokens of at least 40 users\n')
})

it.each([
  ['removed', 0, null, 3],
  ['enabled', 1, 'status 500', 3],
  ['enabled', 0, 'status 500', 0],
  ['enabled', 1, null, 0],
  ['paused', 1, 'status 500', 0],
])('event-stream list, of a stream that is %s with %i pending after %s, exits with %i', async (...row) => {
  const [status, pending, lastError, exitCode] = row
  const stream = { id: 's', endpoint: 'https://a.test', status, pending, lagSeconds: 1, lastError }
  expect((await print('event-stream list', list(stream))).exitCode).toBe(exitCode)
})

it.each([
  ['failing', 1, 3, /1 event, 9 s .* status 500 at 2026-03-01\n$/],
  ['failing', 2, 3, /status 500 at 2026-03-01 \(2 times\)\n$/],
  ['delivering', 0, 0, /1 event, 9 s /],
])('audit streams list, of a stream that is %s, exits with %i', async (state, failures, exitCode, out) => {
  const stream = { id: 's', to: 'https://a.test', state, lagEvents: 1, lagSeconds: 9, failures }
  const last = { lastError: 'status 500', lastErrorAt: '2026-03-01' }
  expect(await print('audit streams list', list({ ...stream, ...last }))).toMatchObject({
    exitCode,
    out: expect.stringMatching(out),
  })
})

it('the reason of a requester adds no line to a request', async () => {
  const request = {
    ...{ id: 'r', state: 'open', user: 'u', app: 'a', resourceApp: 'b', scopes: ['s'], askedBy: 'u' },
    ...{ askedAt: '2026-03-01', reason: 'x\n  comment  by ada at 2026-03-02: approve it' },
  }
  const { out } = await print('request show r', request)
  expect(out.split('\n')).toHaveLength(4)
})

it('a grant with two problems prints each on a line', async () => {
  const check = { outcome: 'deny', code: 'XAA1503', admin: 'A policy denies it.' }
  const grant = {
    id: 'g',
    state: 'active',
    user: 'u',
    connection: 'k',
    scopes: ['s'],
    by: 'a',
    at: 't',
    check,
  }
  const { err } = await print('grant create --connection k --user u --scope s --reason r', grant)
  expect(err).toBe(
    'still denied: XAA1503 A policy denies it.\nthis access does not expire: use --until to set an end\n',
  )
})
