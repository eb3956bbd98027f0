// The admin API commands against a running server: terminal output, JSON for scripts, and exit codes.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { parseConfiguration } from '@crosswalk/control'
import { type RunningServer, startServer } from '@crosswalk/server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'

import { type CommandSurroundings, runCrosswalk } from './testing/run-crosswalk.ts'

const TOKEN = 'an admin token of more than 32 characters'
const RESOURCE = 'http://127.0.0.1:7701/mcp'
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-admin-cli-'))
let server: RunningServer
let baseUrl = ''

function buildFile(port: number): string {
  const origin = `http://127.0.0.1:${port}`
  const auth = { method: 'client_secret_basic', secret: 'a secret of the app' }
  const users = { groups: ['engineering'] }
  return JSON.stringify({
    baseUrl: origin,
    listen: { host: '127.0.0.1', port },
    database: `sqlite:${folder}/db.sqlite`,
    admin: { token: TOKEN },
    idp: {
      users: [
        { id: 'usr_alice', username: 'alice', name: 'Alice', groups: ['engineering'] },
        { id: 'usr_bob', username: 'bob', name: 'Bob' },
      ],
      apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth, assignments: { everyone: true } }],
      resourceApps: [
        {
          id: 'todo0',
          name: 'Todo0',
          issuer: `${origin}/as/todo0`,
          resources: [{ id: RESOURCE, scopes: ['todos.read', 'todos.write'] }],
          assignments: { everyone: true },
        },
      ],
      connections: [
        {
          id: 'agent0-todo0',
          app: 'agent0',
          resourceApp: 'todo0',
          clientId: 'agent0-there',
          resources: [RESOURCE],
          scopes: ['todos.read'],
          assignments: users,
          status: 'active',
        },
      ],
    },
    authorizationServers: [
      {
        id: 'todo0',
        trustedIssuers: [{ issuer: origin }],
        clients: [{ id: 'agent0-there', auth }],
        resources: [{ id: RESOURCE, scopes: ['todos.read', 'todos.write'] }],
      },
    ],
  })
}

beforeAll(async () => {
  const at = (port: number) => {
    const { configuration, problems } = parseConfiguration(buildFile(port), 'test.json', {})
    if (configuration === undefined) throw new Error(JSON.stringify(problems))
    return configuration
  }
  const environment = { CROSSWALK_KEY: randomBytes(32).toString('hex') }
  server = await startServer(at(0), { environment, log: () => undefined, atPort: at })
  baseUrl = server.configuration.baseUrl
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const crosswalk = (args: readonly string[], { env, ...more }: CommandSurroundings = {}) =>
  runCrosswalk(args, { ...more, env: { CROSSWALK_ADMIN_TOKEN: TOKEN, ...env } })

const withServer = (args: readonly string[]) => [...args, '--server', baseUrl]
const admin = (args: readonly string[], more = {}) => crosswalk(withServer(args), more)
const simulate = (user: string, ...more: string[]) =>
  admin(['simulate', '--app', 'agent0', '--user', user, '--audience', `${baseUrl}/as/todo0`, ...more])

describe('simulate', () => {
  it('exits with 0 and shows what would be granted', async () => {
    const { exitCode, out, err } = await simulate('alice', '--scope', 'todos.read todos.write')
    expect([exitCode, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^◐ NARROWED {2}XAA0001 {2}Agent0 may act for Alice at Todo0, with less than it requested\./,
    )
    expect(out).toMatch(/granted todos\.read at http/)
    expect(out).toMatch(/removed {1}todos\.write by scopes of agent0-todo0/)
    expect(out).toMatch(/unless {2}removed from the group engineering → ✕ DENIED XAA1503\n/)
    expect(out).toMatch(/assumed The account and the final scopes at http.*\n {10}App authentication/)
    expect(out).toMatch(
      /token {3}example only, not signed · \d+ bytes\n {10}iss: "http\S+" +from this identity/,
    )
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(180)
  })

  it('takes both apps from a connection, unless they are named', async () => {
    const ask = (...more: string[]) => admin(['simulate', '--connection', 'agent0-todo0', ...more])
    const same = await ask('--user', 'alice', '--scope', 'todos.read todos.write')
    expect(same.out).toMatch(/^◐ NARROWED {2}XAA0001 {2}Agent0 may act for Alice at Todo0, /)
    expect((await ask('--user', 'alice', '--app', 'agent9')).err).toMatch(/there is no app agent9/)
    expect((await ask()).err).toMatch(/^error: missing --user <id-or-name>\n/)
    expect((await admin(['simulate', '--user', 'alice'])).err).toMatch(
      /^error: missing --app <id>, --audience/,
    )
    const none = await admin(['simulate', '--connection', 'none', '--user', 'alice'])
    expect([none.exitCode, none.err]).toEqual([6, expect.stringContaining('none')])
  })

  it('lists every outcome of unknown inputs', async () => {
    const { out } = await simulate('alice', '--scope', 'todos.read', '--unknown', 'auth-time', 'ip')
    expect(out).toMatch(/depends any unknown input → ✓ ALLOWED XAA0000 \(todos\.read\)\n/)
    const { exitCode, err } = await simulate('alice', '--unknown', 'weather')
    expect([exitCode, err]).toEqual([2, expect.stringContaining('auth-time')])
  })

  it('exits with 3, the reason, and the command that would change the decision', async () => {
    const { exitCode, out } = await simulate('bob')
    expect(exitCode).toBe(3)
    expect(out).toMatch(/^✕ DENIED {2}XAA1503 {2}Bob is not among the users of the connection/)
    expect(out).toMatch(/✕ people\.connection {2}needs member of engineering {2}has none/)
    expect(out).toMatch(
      /\(administrator\) Add Bob to the connection Agent0 → Todo0\.\s+→ re-evaluated: allow\s+\(todos\.read\)/,
    )
    expect(out).toMatch(
      /^ +npx crosswalk grant create --connection agent0-todo0 --user usr_bob --scope todos\.read .* --server http:\/\/\S+$/m,
    )
    const question = ['--app', 'agent0', '--user', 'bob', '--audience', `${baseUrl}/as/todo0`]
    // The environment applies to the next command as well.
    vi.stubEnv('CROSSWALK_SERVER', baseUrl)
    const bare = await crosswalk(['simulate', ...question])
    vi.unstubAllEnvs()
    expect(bare.out).toMatch(/^ +npx crosswalk grant create .* --reason "…"$/m)
    expect(out).toMatch(/wire {4}400 access_denied/)
  })

  it('also says if there is no such app', async () => {
    const question = ['--app', 'agent9', '--user', 'bob', '--audience', `${baseUrl}/as/todo0`]
    const { exitCode, out, err } = await admin(['simulate', ...question])
    expect([exitCode, out]).toEqual([3, expect.stringContaining('XAA1101')])
    expect(err).toBe(
      'there is no app agent9; list them with: npx crosswalk app list --server ' + baseUrl + '\n',
    )
  })

  it('prints one JSON document for scripts, with the same exit code', async () => {
    const { exitCode, out } = await simulate('bob', '-o', 'json')
    expect(exitCode).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ schema: 'xaa.decision/v1', code: 'XAA1503', mode: 'simulated' })
  })
})

describe.each([
  ['simulate', ['--app', 'agent0', '--user', 'alice', '--audience', 'https://as.test']],
  ['matrix', []],
])('%s --ip', (command, options) => {
  const ask = (ip: string) => crosswalk(withServer([command, ...options, '--ip', ip]))
  it.each(['192.0.2.1', '2001:db8::1'])('accepts %s', async (ip) =>
    expect((await ask(ip)).err).not.toContain('is invalid'),
  )

  it.each(['nope', '192.0.2.256', '192.0.2.0/24', ''])('rejects %j', async (ip) => {
    const { exitCode, err } = await ask(ip)
    expect([exitCode, err]).toEqual([2, expect.stringContaining('an IPv4 or IPv6 address')])
  })
})

it.each(['a\nb', 'token\u2026', 'tok\u00e9n'])('refuses to send the token %j', async (token) => {
  for (const command of [withServer(['app', 'list']), withServer(['doctor'])]) {
    const { exitCode, err } = await crosswalk(command, { env: { CROSSWALK_ADMIN_TOKEN: token } })
    expect([exitCode, err]).toEqual([4, expect.stringContaining('contains characters that no token has')])
    expect(err).not.toContain(token)
  }
})

it('sends a token from a file without its line break', async () => {
  const env = { CROSSWALK_ADMIN_TOKEN: `${TOKEN}\n` }
  expect((await crosswalk(withServer(['whoami']), { env })).exitCode).toBe(0)
})

describe('problems of a request', () => {
  const grant = ['grant', 'create', '--connection', 'agent0-todo0', '--user', 'alice', '--reason', 'why']
  it.each([
    [
      'an option',
      [...grant, '--scope', 'nope'],
      '--scope: todo0 has no scope nope; it has todos.read todos.write',
    ],
    [
      'a filter',
      ['decisions', 'list', '--code', 'nope'],
      '--code: must be a code such as XAA1503, or its first digits',
    ],
    [
      'an argument',
      ['admin-token', 'create', '', '--role', 'auditor', '--reason', 'why'],
      '<name>: must be at least 1 character',
    ],
  ])('name %s as it is typed', async (_, args, why) => {
    expect(await admin(args)).toMatchObject({ exitCode: 2, err: expect.stringContaining(`why: ${why}\n`) })
  })
})

describe('explain', () => {
  it('finds a record by its id', async () => {
    const { decision_id: id } = JSON.parse((await simulate('bob', '-o', 'json')).out) as {
      decision_id: string
    }
    const { exitCode, out } = await admin(['explain', id])
    expect(exitCode).toBe(0)
    expect(out).toContain(id)
    expect(out).toContain('evaluated again with the current definitions:')
  })

  it.each([
    [20, 40],
    [60, 60],
    [200, 100],
    [undefined, 100],
  ])('on a terminal of %s columns wraps text at %i', async (columns, width) => {
    const { out: made } = await simulate('bob', '--scope', 'todos.read', '-o', 'json')
    const { decision_id: id } = JSON.parse(made) as { decision_id: string }
    const { out } = await admin(['explain', id], columns === undefined ? {} : { columns })
    // Commands stay whole, so that they can be copied, and so do checks and words such as addresses.
    const whole = /npx crosswalk| {10}[✓–] \S+ \(\S+\)$|^ *(?:id {6})?\S+$/
    const lines = out.split('\n').filter((line) => !whole.test(line))
    const longest = Math.max(...lines.map(({ length }) => length))
    expect([longest <= width, longest > width - 20]).toEqual([true, true])
    expect(out).toMatch(/ {10}npx crosswalk grant create .*\n/)
  })

  it('explains a response of another product from a file or standard input', async () => {
    const answer = {
      http: 400,
      body: { error: 'unauthorized_client', error_description: 'Scope not permitted' },
    }
    const file = join(folder, 'answer.json')
    writeFileSync(file, JSON.stringify(answer))
    const fromFile = await admin(['explain', file, '--leg', 'exchange', '--vendor', 'okta'])
    expect(fromFile.out).toMatch(/^XAA1602 .*\(probable\)\n {2}seen {4}HTTP 400 · unauthorized_client/)
    const fromStdin = await admin(['explain', '-', '--leg', 'exchange', '--http', '400', '-o', 'json'], {
      stdin: JSON.stringify(answer.body),
    })
    expect(JSON.parse(fromStdin.out)).toMatchObject({ cause: { code: 'XAA1602' } })
  })

  it('explains a response offline if no server is named or reachable, and reports that', async () => {
    const stdin = JSON.stringify({ error: 'unauthorized_client', error_description: 'Scope not permitted' })
    const ask = ['explain', '-', '--leg', 'exchange']
    const online = await admin(ask, { stdin })
    expect(online.err).toBe('')
    const alone: [string, string[], Record<string, string>][] = [
      ['no server specified', [], {}],
      ['http://127.0.0.1:9 cannot be reached', ['--server', 'http://127.0.0.1:9'], {}],
      ['no token for the admin API', ['--server', baseUrl], { CROSSWALK_ADMIN_TOKEN: '' }],
    ]
    for (const [why, more, env] of alone) {
      const here = await crosswalk([...ask, ...more], { stdin, env })
      expect(here).toEqual({
        ...{ exitCode: 0, out: online.out, err: `${why}: explained offline\n` },
      })
    }
    const wrong = await admin(ask, { stdin, env: { CROSSWALK_ADMIN_TOKEN: 'wrong' } })
    expect(wrong.exitCode).toBe(4)
    expect((await crosswalk(['explain', 'dec_1', '--server', 'http://127.0.0.1:9'])).exitCode).toBe(8)
  })

  it('says where the token of each kind of server is', async () => {
    const { exitCode, err } = await crosswalk(['explain', 'dec_1', '--server', baseUrl], {
      env: { CROSSWALK_ADMIN_TOKEN: '' },
    })
    expect(exitCode).toBe(4)
    for (const file of ['crosswalk.env', 'data/demo/PORT/secrets.json']) expect(err).toContain(file)
  })

  it('exits with 6 if there is no record', async () => {
    const { exitCode, err } = await admin(['explain', 'dec_none'])
    expect([exitCode, err]).toEqual([6, expect.stringMatching(/^error: .*\ncode: not-found\nwhy: .*\nfix: /)])
    // There is no `explain list`. Each server has only its own decisions.
    expect(err).toMatch(/fix: name the server .*`npx crosswalk decisions list --server http\S+`/)
  })

  it('names the command that explains a code', async () => {
    const { exitCode, err } = await crosswalk(['explain', 'XAA1503'])
    expect([exitCode, err]).toEqual([2, expect.stringContaining('fix: see `npx crosswalk code XAA1503`')])
  })

  it.each(['./none', '../none', 'none.json', '/nowhere/none.txt'])(
    'a missing file %s is reported as one',
    async (file) => {
      const { exitCode, err } = await admin(['explain', file])
      expect([exitCode, err]).toEqual([2, expect.stringContaining(`error: ${file} cannot be read (ENOENT)`)])
    },
  )

  it.each(['', ' \n'])('rejects %j as a response', async (stdin) => {
    const { exitCode, err } = await admin(['explain', '-'], { stdin })
    expect([exitCode, err]).toEqual([2, expect.stringContaining('standard input is empty')])
  })
})

describe('lists', () => {
  it.each([
    ['connection', 'agent0-todo0'],
    ['app', 'agent0'],
    ['resource', 'todo0'],
    ['user', 'usr_alice'],
  ])('%s list and show', async (noun, id) => {
    const list = await admin([noun, 'list'])
    expect([list.exitCode, list.out.split('\n')[1]?.split(/\s+/)[0]]).toEqual([0, id])
    const json = await admin([noun, 'list', '-o', 'json'])
    expect((JSON.parse(json.out) as { items: { id: string }[] }).items[0]?.id).toBe(id)
    expect((await admin([noun, 'show', id])).out).toContain(`id: ${id}`)
    expect((await admin([noun, 'show', 'nobody'])).exitCode).toBe(6)
  })

  it('report that there are more items', async () => {
    const { out, err } = await admin(['user', 'list', '--limit', '1'])
    expect(out.trim().split('\n')).toHaveLength(2)
    expect(err).toMatch(/there are more/)
  })

  it('list and tail decisions and events', async () => {
    const none = { exitCode: 0, out: 'none\n', err: '' }
    expect(await admin(['decisions', 'list'])).toEqual(none)
    expect(await admin(['decisions', 'list', '--code', '15'])).toEqual(none)
    await simulate('alice')
    const { out } = await admin(['audit', 'list', '--type', 'simulation.run', '--since', '1h'])
    expect(out).toMatch(/admin#\d+ {2}simulation\.run {2}allow XAA0000 {2}by admin {2}resource_app todo0/)
    const tail = await admin(['audit', 'tail', '--type', 'simulation.run', '--for', '1', '-o', 'json'])
    const lines = tail.out.trim().split('\n')
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ type: 'simulation.run' })
    expect((await admin(['decisions', 'tail', '--for', '1'])).exitCode).toBe(0)
  })
})

describe('actions', () => {
  it('suspend and resume a connection with immediate effect', async () => {
    const suspended = await admin(['connection', 'suspend', 'agent0-todo0', '--reason', 'test'])
    expect([suspended.exitCode, suspended.out]).toEqual([
      0,
      expect.stringMatching(/^✓ connection agent0-todo0 suspended/),
    ])
    expect((await admin(['connection', 'list'])).out).toMatch(/suspended/)
    expect((await simulate('alice')).out).toMatch(/^ +npx crosswalk connection resume agent0-todo0/m)
    const resumed = await admin(['connection', 'resume', 'agent0-todo0', '--reason', 'over'])
    expect(resumed.exitCode).toBe(0)
    expect(resumed.out).toMatch(/^✓ connection agent0-todo0 resumed, effective \S+Z\n$/)
    expect((await simulate('alice')).exitCode).toBe(0)
    expect((await admin(['user', 'suspend', 'usr_alice', '--reason', 'test'])).out).toMatch(/sessions ended/)
    expect((await admin(['user', 'resume', 'usr_alice', '--reason', 'over'])).exitCode).toBe(0)
    expect((await admin(['connection', 'suspend', 'agent0-todo0'])).exitCode).toBe(2)
  })

  it('reset-factor reports what was removed, and requires a reason', async () => {
    const { exitCode, out } = await admin(['user', 'reset-factor', 'usr_bob', '--reason', 'lost phone'])
    expect([exitCode, out]).toEqual([0, '✓ user usr_bob had no second factor\n'])
    expect((await admin(['user', 'reset-factor', 'usr_bob'])).exitCode).toBe(2)
    expect((await admin(['user', 'reset-factor', 'usr_nobody', '--reason', 'x'])).exitCode).toBe(6)
  })

  it('assign exits with 7 for a connection owned by the configuration file', async () => {
    const { exitCode, err } = await admin(['connection', 'assign', 'agent0-todo0', '--user', 'usr_bob'])
    expect([exitCode, err]).toEqual([7, expect.stringMatching(/owned by the configuration file/)])
    expect((await admin(['connection', 'assign', 'agent0-todo0'])).exitCode).toBe(2)
  })

  it('kill shows its effect first, changes nothing without --yes, and can be lifted', async () => {
    expect(await admin(['kill', 'app'])).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(
        /^error: missing <id>\nfix: name the app: see `npx crosswalk app list --server http\S+`\n$/,
      ),
    })
    const first = await admin(['kill', 'app', 'agent0'])
    expect([first.exitCode, first.out]).toEqual([2, ''])
    expect(first.err).toMatch(
      /✓ todo0 .*: immediately; up to 630 s at an API that does not introspect\n {2}worst case {5}0 s; up to 630 s at an API .*\n {2}revokes now {4}\d+ access tokens? of \d+ users?\nerror: app agent0 would be blocked/,
    )
    expect((await simulate('alice')).exitCode).toBe(0)
    expect((await admin(['kill', 'app', 'agent0', '--yes'])).exitCode).toBe(2)
    expect((await admin(['kill', 'user', 'nobody'])).err).toMatch(
      /^why: <id>: nobody is not a user\nfix: see `npx crosswalk user list/m,
    )
    expect(await admin(['block', 'add', 'everything', '--reason', 'drill'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('all access of all users would be blocked; nothing was changed'),
    })
    const everything = await admin(['block', 'add', 'everything', '--reason', 'drill', '--yes'])
    expect(everything.out).toMatch(/^✓ everything blocked {2}blk_\w+; \d+ access tokens? revoked\n$/)
    const [block = ''] = /blk_\w+/.exec(everything.out) ?? []
    expect((await admin(['block', 'lift', block])).exitCode).toBe(0)
    const killed = await admin(['kill', 'app', 'agent0', '--yes', '--reason', 'drill'])
    expect([killed.exitCode, killed.out]).toEqual([0, expect.stringMatching(/^✓ app agent0 blocked {2}blk_/)])
    expect((await simulate('alice')).out).toMatch(/XAA1902/)
    const id = /blk_\w+/.exec(killed.out)?.[0] ?? ''
    expect((await admin(['kill', 'lift', id, '--reason', 'over'])).exitCode).toBe(0)
    expect((await simulate('alice')).exitCode).toBe(0)
  })

  it('kill asks a user at a terminal for the id and a reason', async () => {
    const ask = (args: string[], answers: string[]) =>
      runCrosswalk(withServer(args), { env: { CROSSWALK_ADMIN_TOKEN: TOKEN }, answers })
    const kill = ['kill', 'app', 'agent0']
    for (const answers of [[], ['yes', 'drill'], ['agent0', ' '], ['app', 'drill']])
      expect(await ask(kill, answers)).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('error: app agent0 would be blocked; nothing was changed\n'),
      })
    expect((await simulate('alice')).exitCode).toBe(0)
    const killed = await ask(kill, ['agent0', 'drill'])
    expect(killed).toMatchObject({ exitCode: 0 })
    const id = /blk_\w+/.exec(killed.out)?.[0] ?? ''
    expect(await ask(['kill', 'lift', id], [''])).toMatchObject({
      exitCode: 2,
      err: `error: ${id} would be lifted; nothing was changed\nfix: add --reason to do it\n`,
    })
    expect((await ask(['kill', 'lift', id], ['over'])).exitCode).toBe(0)
    expect((await simulate('alice')).exitCode).toBe(0)
  })
})

describe('connections by use', () => {
  const list = (...more: string[]) => admin(['connection', 'list', ...more])

  it('lists unused connections; none of them expires', async () => {
    expect((await list('--unused', '0d')).out).toMatch(
      /^id .*\nagent0-todo0 +agent0 +todo0 +never +never +0 for 0/,
    )
    expect((await list('--unused', '0d', '--expiring', '30d')).out).toBe('none\n')
    expect((await list('--unused', 'long')).exitCode).toBe(2)
  })
})

describe('review', () => {
  it('is opened, shown, decided, exported as evidence and closed', async () => {
    const opened = await admin(['review', 'create', 'Yearly', '--reason', 'policy', '-o', 'json'])
    expect(opened.exitCode).toBe(0)
    const { id } = JSON.parse(opened.out)
    expect((await admin(['review', 'show', id])).out).toMatch(/Yearly {2}open {2}0 of 1 decided\n$/)
    const items = async (...more: string[]) => (await admin(['review', 'items', id, ...more])).out
    expect(await items()).toMatch(
      /^connection .* uses +used by +active users .*\nagent0-todo0 +never +0 +0 +1 .* revoke +– +–$/m,
    )
    expect(await items('--decision', 'any')).toBe('none\n')
    const decide = (...more: string[]) =>
      admin(['review', 'decide', id, 'agent0-todo0', ...more, '--reason', 'asked the team'])
    expect((await decide('perhaps')).exitCode).toBe(2)
    expect((await decide('keep')).out).toMatch(/keep by admin/)
    expect((await decide('keep')).exitCode).toBe(7)
    expect(await items('--decision', 'keep', '--reviewer', 'admin', '--q', 'TODO')).toMatch(/keep by admin/)
    expect(await items('--reviewer', 'usr_alice')).toBe('none\n')
    expect((await admin(['review', 'show', id])).out).toMatch(
      /open {2}1 of 1 decided\ndecisions: keep 1\nreviewers: admin 1\n$/,
    )
    const { out } = await admin(['review', 'evidence', id])
    expect(JSON.parse(out).events.map(({ type }: { type: string }) => type)).toEqual([
      'review.opened',
      'review.decided',
    ])
    expect((await admin(['review', 'close', id, '--reason', 'done'])).out).toMatch(/closed {2}1 of 1/)
    expect((await admin(['review', 'list'])).out).toMatch(/Yearly +closed +1 of 1/)
    const left = JSON.parse(
      (await admin(['review', 'create', 'Left', '--reason', 'policy', '-o', 'json'])).out,
    ) as { id: string }
    expect((await admin(['review', 'close', left.id, '--reason', 'done'])).out).toMatch(
      /closed {2}0 of 1 decided\n$/,
    )
    expect((await admin(['review', 'items', left.id])).out).toMatch(/ revoke +– +–$/m)
  })
})

describe('audit and keys', () => {
  it('verify and export', async () => {
    const { exitCode, out } = await admin(['audit', 'verify'])
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/^✓ \d+ events in 3 logs/)])
    const exported = await admin(['audit', 'export', '--log', 'admin', '--after-seq', '1'])
    const [line = ''] = exported.out.split('\n')
    expect(JSON.parse(line)).toMatchObject({ log: 'admin', seq: 2 })
    const told = await admin(['audit', 'export', '--log', 'admin', '--after-seq', '1', '--format', 'ocsf'])
    expect(JSON.parse(told.out.split('\n')[0] ?? '')).toMatchObject({
      metadata: { version: '1.6.0', log_name: 'admin', sequence: 2 },
    })
    expect((await admin(['audit', 'export', '--format', 'cef'])).exitCode).toBe(2)
    const whole = await admin(['audit', 'export', '--log', 'admin', '--after-seq', '1', '-o', 'json'])
    const { items } = JSON.parse(whole.out) as { readonly items: readonly unknown[] }
    expect(items[0]).toEqual(JSON.parse(line))
    expect(items.length).toBeGreaterThan(1)
  })

  it('prints checkpoints, and verifies against them', async () => {
    const { out } = await admin(['audit', 'checkpoints'])
    expect(out).toMatch(/^eyJ\S+\n/)
    const kept = await admin(['audit', 'verify', '--checkpoints', '-'], { stdin: out })
    expect([kept.exitCode, kept.out]).toEqual([0, expect.stringMatching(/[1-9]\d* checkpoints?, [1-9]/)])
    const forged = await admin(['audit', 'verify', '--checkpoints', '-'], { stdin: 'nonsense' })
    expect([forged.exitCode, forged.out]).toEqual([
      3,
      expect.stringMatching(/^✕ 1 checkpoint was not signed here/),
    ])
  })

  it('shows a legal hold until it is released', async () => {
    const show = async () => (await admin(['audit', 'retention', 'show'])).out
    expect(await show()).toMatch(/^events are kept forever\n/)
    expect((await admin(['audit', 'retention', 'hold'])).exitCode).toBe(2)
    await admin(['audit', 'retention', 'hold', '--reason', 'case 7'])
    expect(await show()).toMatch(/legal hold by admin since .*: case 7\n/)
    const released = await admin(['audit', 'retention', 'release', '--reason', 'over', '-o', 'json'])
    expect(JSON.parse(released.out)).toMatchObject({ hold: null, retentionDays: null })
  })

  it('lists streams, and replays only an existing stream from a valid position', async () => {
    expect((await admin(['audit', 'streams', 'list'])).out).toBe('none\n')
    const replay = (after: string) =>
      admin(['audit', 'streams', 'replay', 'none', '--after', after, '--reason', 'drill'])
    expect((await replay('idp:1')).exitCode).toBe(6)
    expect((await replay('idp')).exitCode).toBe(2)
  })

  it('lists and rotates keys', async () => {
    expect((await admin(['keys', 'list'])).out).toMatch(/idp +id-jag +current/)
    const rotated = await admin(['keys', 'rotate', 'idp', 'id-jag', '--reason', 'yearly'])
    expect(rotated.out).toMatch(/next/)
    expect((await admin(['keys', 'rotate', 'idp', 'id-jag', '--reason', 'x', '--emergency'])).exitCode).toBe(
      2,
    )
  })
})

describe('definitions', () => {
  it.each([
    ['group', /engineering +1 +file/],
    ['policy', /none/],
    ['policy-suite', /none/],
    ['authorization-server', /todo0 +http:\S+\/as\/todo0 +1 +file/],
  ])('lists %s', async (noun, row) => {
    const { exitCode, out } = await admin([noun, 'list'])
    expect([exitCode, out]).toEqual([0, expect.stringMatching(row)])
  })

  it('keep a history, and can be restored from it even after deletion', async () => {
    const file = join(folder, 'rules.json')
    const apply = (effect: object, ...more: string[]) => {
      writeFileSync(
        file,
        JSON.stringify({ idp: { policies: Object.keys(effect).length === 0 ? [] : [effect] } }),
      )
      return admin(['apply', file, '--yes', '--reason', 'rules', ...more])
    }
    const rule = { id: 'no-writes', when: { scope: ['todos.write'] }, effect: 'deny' }
    expect((await apply(rule)).exitCode).toBe(0)
    expect((await apply({ ...rule, state: 'report-only' })).exitCode).toBe(0)
    expect((await apply({}, '--prune')).exitCode).toBe(0)
    const { items } = JSON.parse((await admin(['policy', 'history', 'no-writes', '-o', 'json'])).out) as {
      items: { revision: number; removed: boolean }[]
    }
    expect(items.map(({ removed }) => removed)).toEqual([true, false, false])
    expect((await admin(['policy', 'history', 'no-writes'])).out).toMatch(
      /^revision +at +by +was +why\n\d+ +\S+ +admin +removed +rules\n/,
    )
    const first = String(items.at(-1)?.revision)
    const restore = ['policy', 'restore', 'no-writes', '--revision', first]
    expect((await admin(restore)).exitCode).toBe(2)
    const restored = await admin([...restore, '--reason', 'it was right'])
    expect([restored.exitCode, restored.out]).toEqual([0, expect.stringContaining('state: enforced')])
    expect((await admin(['policy', 'list'])).out).toMatch(/no-writes +enforced +.*denied +database/)
    expect((await apply({}, '--prune')).exitCode).toBe(0)
    expect((await admin(['group', 'history', 'nobody'])).exitCode).toBe(6)
  })
})

describe('lists as CSV', () => {
  it('have the same rows, quoted', async () => {
    const { exitCode, out } = await admin(['connection', 'list', '-o', 'csv'])
    expect([exitCode, out.split('\r\n')]).toEqual([
      0,
      ['id,app,resource app,scopes,state,defined in', 'agent0-todo0,agent0,todo0,todos.read,active,file', ''],
    ])
    expect((await admin(['who-can', 'todo0', '-o', 'csv'])).out).toMatch(
      /\r\nagent0,alice,http:\S+,todos\.read,,agent0-todo0,group:engineering\r\n$/,
    )
    expect((await admin(['decisions', 'list', '-o', 'csv'])).out).toMatch(
      /^time,outcome,code,stage,app,user,/,
    )
    const events = await admin(['audit', 'list', '--type', 'simulation.run', '-o', 'csv'])
    expect(events.out).toMatch(
      /^time,log,chain,seq,type,outcome,code,by,kind,target,why,id\r\n[^]*Z,admin,admin,1,simulation\.run,allow,XAA0001,admin,resource_app,todo0,,evt_\w+\r\n$/,
    )
    expect((await admin(['block', 'list', '-o', 'csv'])).out).toBe(
      'id,kind,target,state,by,since,until,why\r\n',
    )
  })

  it('are documents and tables in other formats too', async () => {
    const list = async (...more: string[]) => (await admin(['connection', 'list', '-o', ...more])).out
    const { items } = JSON.parse(await list('json'))
    expect(parse(await list('yaml'))).toEqual({ schema: 'crosswalk.connections/v1', items, truncated: false })
    expect(await list('md', '--columns', 'id,scopes,state')).toBe(
      '| id | scopes | state |\n| --- | --- | --- |\n| agent0-todo0 | todos.read | active |\n',
    )
  })

  it('are rejected for commands that are not lists', async () => {
    expect((await admin(['connection', 'show', 'agent0-todo0', '-o', 'csv'])).exitCode).toBe(2)
  })

  it('prints chosen columns of lists, in the order given', async () => {
    const { out } = await admin(['user', 'list', '-o', 'csv', '--columns', 'user name, id', '--q', 'alice'])
    expect(out).toMatch(/^user name,id\r?\nalice,usr_alice\r?\n$/)
    expect((await admin(['user', 'list', '--columns', 'id', '--q', 'alice'])).out).toBe('id\nusr_alice\n')
    // A list of lines becomes a table.
    expect((await admin(['audit', 'list', '--columns', 'seq,type', '--limit', '1'])).out).toMatch(
      /^seq +type\n\d+ +\S+\n$/,
    )
    const named = await admin(['matrix', '--columns', 'agent0-todo0'])
    expect(named.out).toMatch(/^agent0-todo0\n/)
  })

  it.each([
    [['--columns', 'id,nme'], /no column nme\nfix: choose from id,/],
    [['--columns', ''], /no column /],
    [['--columns', 'id', '-o', 'json'], /--columns does not apply to json/],
    [['--columns', 'id', '-o', 'yaml'], /--columns does not apply to yaml/],
    [['--columns', 'id', '-o', 'ndjson'], /--columns does not apply to ndjson/],
  ])('rejects %j', async (more, told) => {
    const { exitCode, err } = await admin(['user', 'list', ...more])
    expect([exitCode, err]).toEqual([2, expect.stringMatching(told)])
  })
})

describe('admin-token', () => {
  it('is created with a role, works until revoked, and is never listed', async () => {
    const made = await admin([
      'admin-token',
      'create',
      'CI',
      '--role',
      'auditor',
      '--expires',
      '90d',
      '--reason',
      'CI',
    ])
    expect(made).toMatchObject({ exitCode: 0, err: expect.stringMatching(/^tok_\w+, auditor, ends 20/) })
    const token = made.out.trim()
    const env = { CROSSWALK_ADMIN_TOKEN: token }
    expect((await admin(['whoami'], { env })).out).toMatch(/^tok_\w+ is auditor;/)
    const { out } = await admin(['admin-token', 'list'])
    expect(out).toMatch(/tok_\w+ +CI +auditor +all +admin +20/)
    expect(out).not.toContain(token)
    const [id = ''] = made.err.split(',')
    expect((await admin(['admin-token', 'revoke', id, '--reason', 'over'])).exitCode).toBe(0)
    expect((await admin(['whoami'], { env })).exitCode).toBe(4)
    expect((await admin(['admin-token', 'create', 'x', '--role', 'king', '--reason', 'x'])).exitCode).toBe(2)
    expect(
      (await admin(['admin-token', 'create', 'x', '--role', 'auditor', '--expires', 'soon', '--reason', 'x']))
        .exitCode,
    ).toBe(2)
  })
})

describe('can-i', () => {
  async function asRole(role: string, more: object = {}) {
    const response = await fetch(`${baseUrl}/admin/api/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: role, role, ...more }),
    })
    const { token } = (await response.json()) as { token: string }
    return { env: { CROSSWALK_ADMIN_TOKEN: token } }
  }

  it('reports whether the role of the token permits an action, and exits with 3 if not', async () => {
    const manager = await asRole('connection-manager')
    const ask = (...args: string[]) => admin(['can-i', ...args], manager)
    expect(await ask('suspend', 'connections')).toMatchObject({
      exitCode: 0,
      out: '✓ yes, as connection-manager\n',
    })
    expect(await ask('simulate')).toMatchObject({ exitCode: 0 })
    expect(await ask('kill')).toMatchObject({
      exitCode: 3,
      out: '✕ no: connection-manager may not; it requires one of owner, administrator, security-responder\n',
    })
    const { exitCode, out } = await ask('create', 'policy', '-o', 'json')
    expect(exitCode).toBe(3)
    expect(JSON.parse(out)).toMatchObject({
      schema: 'crosswalk.can-i/v1',
      allowed: false,
      route: 'policies.create',
      roles: ['owner', 'administrator'],
      reason: 'connection-manager may not; it requires one of owner, administrator',
    })
    expect(JSON.parse((await ask('apply', '-o', 'json')).out)).toMatchObject({ route: 'configuration.apply' })
  })

  it('reports objects that are missing, owned by the file, or not visible to the token', async () => {
    const change = await admin(['can-i', 'change', 'connection/agent0-todo0'])
    expect(change).toMatchObject({ exitCode: 3 })
    expect(change.out).toMatch(/^✕ no: connections\/agent0-todo0 is owned by the configuration file/)
    expect((await admin(['can-i', 'delete', 'connection/agent0-todo0'])).exitCode).toBe(3)
    expect(await admin(['can-i', 'suspend', 'connection/agent0-todo0'])).toMatchObject({ exitCode: 0 })
    const owner = await asRole('app-owner', { apps: ['agent0'] })
    expect(await admin(['can-i', 'show', 'app/agent0'], owner)).toMatchObject({ exitCode: 0 })
    expect(await admin(['can-i', 'show', 'app/other'], owner)).toMatchObject({ exitCode: 6 })
  })

  it('lists the valid actions and objects', async () => {
    const noAction = await admin(['can-i', 'eat', 'review'])
    expect(noAction).toMatchObject({ exitCode: 2 })
    expect(noAction.err).toMatch(/fix: choose one of list, .*decide/)
    expect((await admin(['can-i', 'list', 'cakes'])).err).toMatch(/fix: name one of users, /)
  })

  it('agrees with whoami', async () => {
    const { out } = await admin(['whoami'], await asRole('app-owner', { apps: ['agent0'] }))
    expect(out).toMatch(/^tok_\w+ is app-owner for agent0; may call \d+ of \d+ routes\n$/)
    expect((await admin(['whoami'], { env: { CROSSWALK_ADMIN_TOKEN: 'wrong' } })).exitCode).toBe(4)
  })
})

describe('code', () => {
  it('explains a code offline', async () => {
    const { exitCode, out } = await crosswalk(['code', 'xaa1503'], { env: { CROSSWALK_ADMIN_TOKEN: '' } })
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/^XAA1503 {2}User not in the connection\n/)])
    expect((await crosswalk(['code', '1503'])).out).toBe(out)
    expect((await crosswalk(['code', 'XAA9999'])).exitCode).toBe(6)
  })
})

describe('errors', () => {
  it.each([
    ['no token', { CROSSWALK_ADMIN_TOKEN: '' }, [], 4],
    ['a wrong token', { CROSSWALK_ADMIN_TOKEN: 'wrong' }, [], 4],
    ['an unreachable server', {}, ['--server', 'http://127.0.0.1:9'], 8],
    ['an invalid URL', {}, ['--server', 'nonsense'], 2],
  ])('%s has its own exit code', async (_, env, more, exitCode) => {
    const answer = await crosswalk([...withServer(['keys', 'list', '-o', 'json']), ...more], { env })
    expect(answer.exitCode).toBe(exitCode)
    expect(answer.err).toMatch(/^error: .*\n(?:code: .*\n)?(?:why: .*\n)?fix: /)
    expect(JSON.parse(answer.out)).toEqual({
      schema: 'crosswalk.error/v1',
      error: {
        code: expect.stringMatching(/^[a-z-]+$/),
        message: expect.any(String),
        why: expect.any(String),
        fix: expect.any(String),
        docs: expect.stringContaining('docs/reference/command-line.md'),
        exit_code: exitCode,
      },
    })
  })
})
