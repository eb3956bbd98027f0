// `create`, `update` and `delete` of definitions, from files, standard input and options, against a running server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { company, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { edit, type Partner, PATHS, startPartner } from './partner.ts'
import { crosswalk } from './run-crosswalk.ts'

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-objects-'))
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

type More = Parameters<typeof crosswalk>[1]
const admin = (args: readonly string[], { env = {}, ...more }: NonNullable<More> = {}) =>
  crosswalk([...args, '--server', server.baseUrl], {
    ...more,
    env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters', ...env },
  })

async function read(noun: string, id: string) {
  return JSON.parse((await admin([noun, 'show', id, '-o', 'json'])).out) as Record<string, unknown>
}

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const WHY = ['--reason', 'test']
const gone = async (noun: string, id: string) =>
  expect(await admin([noun, 'delete', id, '--yes', ...WHY])).toMatchObject({ exitCode: 0 })

describe('a user', () => {
  it('is found by id or by username', async () => {
    const byName = await admin(['user', 'show', 'alice'])
    expect(byName).toMatchObject({ exitCode: 0, out: expect.stringContaining('id: usr_alice') as string })
    expect(await admin(['user', 'show', 'usr_alice'])).toEqual(byName)
    expect((await admin(['user', 'show', 'alic'])).exitCode).toBe(6)
  })

  it('is found by username in options too', async () => {
    const named = ['app', 'create', 'named', '--name', 'Named', '--kind', 'agent']
    const auth = ['--auth', 'client_secret_basic']
    expect((await admin([...named, ...auth, '--user', 'alice', ...WHY])).exitCode).toBe(0)
    const assigned = await admin(['app', 'assign', 'named', '--user', 'bob', 'usr_alice', ...WHY])
    expect(assigned.exitCode).toBe(0)
    expect((await admin(['app', 'update', 'named', '--owners', 'bob', 'usr_alice', ...WHY])).exitCode).toBe(0)
    expect(await read('app', 'named')).toMatchObject({
      assignments: { users: ['usr_alice', 'usr_bob'] },
      owners: ['usr_bob', 'usr_alice'],
    })
    await gone('app', 'named')
  })
})

describe('a list', () => {
  const list = async (...more: readonly string[]) => (await admin(['user', 'list', ...more])).out

  it('is one document per line with ndjson, and a table by default', async () => {
    const { items } = JSON.parse(await list('-o', 'json')) as { items: readonly unknown[] }
    const lines = (await list('-o', 'ndjson')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(items)
    expect(items.length).toBeGreaterThan(1)
    expect(await list()).toBe(await list('-o', 'table'))
    expect(await list('-o', 'text')).toBe(await list())
  })

  it('has the filters of its route', async () => {
    const { items } = JSON.parse((await admin(['app', 'list', '--kind', 'agent', '-o', 'json'])).out) as {
      items: readonly { readonly kind: string }[]
    }
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['agent']))
    expect((await admin(['app', 'list', '--kind', 'robot'])).exitCode).toBe(2)
  })
})

describe('create', () => {
  it('accepts options, and shows a secret once', async () => {
    const made = await admin([
      ...['app', 'create', 'bot', '--name', 'Bot', '--kind', 'agent', '--auth', 'client_secret_basic'],
      ...['--user', 'usr_alice', 'usr_bob', '--group', 'sales', '--owners', 'usr_alice', ...WHY],
    ])
    expect(made).toMatchObject({ exitCode: 0, err: 'the secret is shown only once; store it now\n' })
    expect(made.out).toMatch(/id: bot\n[^]*secret: \S{20,}\n/)
    expect((await admin(['app', 'show', 'bot'])).out).not.toMatch(/ secret:/)
    expect(await read('app', 'bot')).toMatchObject({
      owners: ['usr_alice'],
      assignments: { users: ['usr_alice', 'usr_bob'], groups: ['sales'], everyone: false },
    })
    expect((await admin(['app', 'history', 'bot'])).out).toMatch(/defined +test\n/)
    await gone('app', 'bot')
  })

  it('accepts a file with variables, and standard input', async () => {
    const text = 'id: bot\nname: Bot\nkind: agent\nauth: { method: client_secret_basic, secret: "${S}" }\n'
    const missing = await admin(['app', 'create', '-f', write('bot.yaml', text)])
    expect(missing).toMatchObject({ exitCode: 2, err: expect.stringMatching(/bot\.yaml:4: .* S is not set/) })
    const env = { S: 'a secret of the bot that is long' }
    expect(await admin(['app', 'create', '-f', join(folder, 'bot.yaml')], { env })).toMatchObject({
      exitCode: 0,
    })
    const again = await admin(['app', 'create', '-f', '-'], { env, stdin: text })
    expect(again).toMatchObject({
      exitCode: 7,
      err: expect.stringMatching(/code: exists\n[^]*fix: choose another id, or change .* `update`/),
    })
    await gone('app', 'bot')
  })

  it('accepts a group that does not exist yet, and says so', async () => {
    const warning = (name: string) =>
      `${name} is not a group of any user; see: npx crosswalk group list --server ${server.baseUrl}\n`
    const named = [
      'app',
      'create',
      'grouped',
      '--name',
      'Grouped',
      '--kind',
      'agent',
      '--auth',
      'client_secret_basic',
    ]
    const made = await admin([...named, '--group', 'sales', 'slaes', ...WHY])
    expect(made).toMatchObject({ exitCode: 0, err: expect.stringContaining(warning('slaes')) })
    expect(made.err).not.toContain('sales is not')
    const change = async (...more: string[]) => await admin(['app', ...more, ...WHY])
    expect(await change('assign', 'grouped', '--group', 'enginering')).toMatchObject({
      exitCode: 0,
      err: warning('enginering'),
    })
    expect(await change('assign', 'grouped', '--group', 'engineering')).toMatchObject({
      exitCode: 0,
      err: '',
    })
    expect((await change('update', 'grouped', '--group', 'sale')).err).toBe(warning('sale'))
    expect((await change('update', 'grouped', '--name', 'G')).err).toBe('')
    await gone('app', 'grouped')
  })

  it('generates an id, and options override the file', async () => {
    const stdin = JSON.stringify({ username: 'eve', groups: ['sales'], attributes: { desk: '7' } })
    const made = await admin(['user', 'create', '-f', '-', '--group', 'engineering', '-o', 'json'], { stdin })
    const eve = JSON.parse(made.out) as { id: string }
    expect(eve).toMatchObject({ groups: ['engineering'], attributes: { desk: '7' } })
    expect(eve.id).toMatch(/^usr_/)
    await gone('user', eve.id)
  })

  it('reports problems by option, or by member if there is no option', async () => {
    expect((await admin(['app', 'create', 'b', '--kind', 'web', '--redirect-uri', 'x'])).err).toContain(
      [
        'why: --name: is missing; --redirect-uri: must be an absolute URL; --auth: is missing',
        'fix: add --name, as `--help` describes it; add --auth, as `--help` describes it\n',
      ].join('\n'),
    )
    expect((await admin(['resource', 'create', 'b', '--name', 'B', '--issuer', 'b'])).err).toMatch(
      /^why: --issuer: must be an issuer/m,
    )
    expect((await admin(['resource', 'create', 'b', '--name', 'B', '--subject', 'me'])).err).toContain(
      '--subject: must be user.id, user.email, user.username, user.attributes.NAME or pairwise',
    )
    expect((await admin(['policy', 'create', 'b', '--state', 'off'])).err).toContain(
      'why: /effect: is missing',
    )
  })

  it('reports problems of a file by line, and those of options beside it by option', async () => {
    const file = write('app.yaml', 'name: B\nkind: robot\n')
    const { err } = await admin(['app', 'create', 'b', '-f', file, '--redirect-uri', 'x', '--auth', 'none'])
    expect(err).toMatch(/^\S+app\.yaml:2: \/kind: must be one of agent, web, service\nerror: /)
    expect(err).toContain('--redirect-uri: must be an absolute URL')
  })

  it('reports problems with their line', async () => {
    const file = write('rule.yaml', 'id: p\nwhen:\n  app.knd: agent\neffect: deny\n')
    const { exitCode, err } = await admin(['policy', 'create', '-f', file])
    expect(exitCode).toBe(2)
    expect(err).toMatch(/rule\.yaml:3: \/when\/app\.knd: [^]*code: invalid-request\n/)
    expect((await admin(['policy', 'create', 'p'])).err).toBe(
      'error: nothing known about the new policy\nfix: add --file, or options: see `npx crosswalk policy create --help`\n',
    )
    expect((await admin(['app', 'create', 'b', '--kind', 'robot'])).exitCode).toBe(2)
  })
})

describe('update', () => {
  const connection = [
    '--app',
    'other',
    '--resource-app',
    'todo0',
    '--resource',
    TODO,
    '--scope',
    'todos.read',
  ]

  it('changes only the given members', async () => {
    expect(await admin(['connection', 'create', 'c', ...connection, '--everyone'])).toMatchObject({
      exitCode: 0,
      err: `a draft issues no tokens; activate it with: npx crosswalk connection update c --status active --reason … --server ${server.baseUrl}\n`,
    })
    const update = (...more: string[]) => admin(['connection', 'update', 'c', ...more])
    expect((await update('--status', 'active')).exitCode).toBe(2)
    expect(
      await update('--status', 'active', '--client-id', 'other-there', '--expires', '2099-01-01T00:00:00Z'),
    ).toMatchObject({ exitCode: 0 })
    expect(await update('--scope', 'todos.read', 'todos.write', ...WHY)).toMatchObject({ exitCode: 0 })
    expect((await update('--expires', 'soon')).err).toContain('soon is not a time')
    await update('--expires', '90d', ...WHY)
    const { expiresAt } = (await read('connection', 'c')) as { expiresAt: string }
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 3_600_000)).toBe(90 * 24)
    await update('--expires', '2099-01-01T00:00:00Z', ...WHY)
    expect(await read('connection', 'c')).toMatchObject({
      status: 'active',
      scopes: ['todos.read', 'todos.write'],
      expiresAt: '2099-01-01T00:00:00.000Z',
      assignments: { everyone: true },
    })
    const stdin = 'expiresAt: null\n'
    expect(await admin(['connection', 'update', 'c', '-f', '-'], { stdin })).toMatchObject({ exitCode: 0 })
    expect(await read('connection', 'c')).not.toHaveProperty('expiresAt')
    expect((await update()).exitCode).toBe(2)
    await gone('connection', 'c')
  })

  it('accepts shown output as input, unless the object has changed', async () => {
    await admin(['resource', 'create', 'crm', '--name', 'CRM', '--issuer', 'https://crm.test', ...WHY])
    const shown = (await admin(['resource', 'show', 'crm', '-o', 'json'])).out
    // Not the token: in shown text, only secrets are variables.
    const name = 'Customers ${CROSSWALK_ADMIN_TOKEN}'
    const file = write(
      'crm.json',
      shown.replace('"CRM"', () => JSON.stringify(name)),
    )
    const put = () => admin(['resource', 'update', 'crm', '-f', file, '--replace'])
    expect(await put()).toMatchObject({ exitCode: 0 })
    expect(await read('resource', 'crm')).toMatchObject({ name })
    expect(await put()).toMatchObject({
      exitCode: 7,
      err: expect.stringMatching(
        /changed since the file was written[^]*code: stale\nwhy: the file has revision \d+, [^]*fix: see `npx crosswalk resource history crm --server http:\S+`/,
      ),
    })
    expect((await admin(['resource', 'update', 'crm', '--replace', '--name', 'x'])).exitCode).toBe(2)
    await gone('resource', 'crm')
  })

  it('of a file object says where to change it', async () => {
    expect(await admin(['app', 'update', 'agent0', '--name', 'Other'])).toMatchObject({
      exitCode: 7,
      err: expect.stringMatching(/code: owned-by-file\n[^]*fix: change it in the configuration file/),
    })
    expect((await admin(['app', 'update', 'nobody', '--name', 'Other'])).exitCode).toBe(6)
  })
})

describe('a resource app', () => {
  let partner: Partner
  beforeAll(async () => {
    partner = await startPartner()
  })
  afterAll(() => partner.stop())
  const create = (...more: string[]) => admin(['resource', 'create', 'found', ...more, ...WHY])

  it('is created from what its API publishes; options take precedence', async () => {
    partner.change(edit(PATHS.apiMetadata, () => ({ resource_name: 'Tasks', scopes_supported: ['read'] })))
    const made = await create('--discover', partner.api)
    const assign = `npx crosswalk resource update found --group … --reason … --server ${server.baseUrl}`
    expect(made).toMatchObject({
      exitCode: 0,
      err: `no user is assigned; assign a group with: ${assign}\n`,
    })
    const args = assign.replace('--group …', '--group sales').split(' ').slice(2)
    expect(await admin(args)).toMatchObject({ exitCode: 0 })
    const found = { issuer: partner.as, resources: [{ id: partner.api, scopes: ['read'] }] }
    expect(await read('resource', 'found')).toMatchObject({
      ...{ ...found, name: 'Tasks' },
      assignments: { groups: ['sales'] },
    })
    await gone('resource', 'found')
    const named = await create('--discover', partner.api, '--name', 'Todo', '--everyone')
    expect(named).toMatchObject({ exitCode: 0, err: '' })
    expect(await read('resource', 'found')).toMatchObject({ ...found, name: 'Todo' })
    await gone('resource', 'found')
  })

  it('is created with warnings, but not without an authorization server', async () => {
    partner.change(edit(PATHS.as, () => ({ authorization_grant_profiles_supported: undefined })))
    expect(await create('--discover', partner.api)).toMatchObject({
      exitCode: 0,
      err: expect.stringMatching(/^! It does not declare ID-JAGs; it may still accept them\.\n/) as string,
    })
    await gone('resource', 'found')
    partner.change(edit(PATHS.apiMetadata, () => ({ authorization_servers: [] })))
    expect(await create('--discover', partner.api)).toMatchObject({
      exitCode: 3,
      out: '',
      err: expect.stringMatching(
        /names no authorization server[^]*fix: .*npx crosswalk doctor --resource http/,
      ),
    })
    expect((await admin(['resource', 'show', 'found'])).exitCode).toBe(6)
  })
})

describe('delete', () => {
  it('first shows the object, and requires --yes', async () => {
    await admin(['app', 'create', 'bot', '--name', 'Bot', '--kind', 'web', '--auth', 'none'])
    const first = await admin(['app', 'delete', 'bot'])
    expect(first).toMatchObject({ exitCode: 2, out: '' })
    expect(first.err).toBe(
      'error: app bot would be deleted, 0 connections, last used never; nothing was changed\n' +
        'why: standard input is not a terminal, so the command cannot ask\n' +
        'fix: add --yes and --reason to do it\n',
    )
    expect((await admin(['app', 'delete', 'bot', '--yes'])).exitCode).toBe(2)
    expect((await admin(['app', 'delete', 'bot'], { answers: ['yes', 'test'] })).exitCode).toBe(2)
    expect((await admin(['app', 'show', 'bot'])).exitCode).toBe(0)
    const deleted = await admin(['app', 'delete', 'bot'], { answers: ['bot', 'test'] })
    expect(deleted).toMatchObject({ exitCode: 0, out: '✓ app bot deleted\n' })
    expect((await admin(['app', 'history', 'bot'])).out).toMatch(/removed +test\n/)
    expect((await admin(['app', 'delete', 'bot', '--yes', ...WHY])).exitCode).toBe(6)
  })

  it('does not delete an object that others refer to', async () => {
    await admin(['app', 'create', 'bot', '--name', 'Bot', '--kind', 'web', '--auth', 'none'])
    await admin(['connection', 'create', 'c', '--app', 'bot', '--resource-app', 'todo0'])
    expect(await admin(['app', 'delete', 'bot', '--yes', ...WHY])).toMatchObject({
      exitCode: 7,
      err: expect.stringMatching(
        /code: referenced\nwhy: .*connections\/c.*\nfix: remove the objects that refer to it first/,
      ),
    })
    await gone('connection', 'c')
    await gone('app', 'bot')
  })
})
