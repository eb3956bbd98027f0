// `crosswalk export`, `diff` and `apply` against a running server: terminal output and exit codes.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { parseConfiguration } from '@crosswalk/control'
import { type RunningServer, startServer } from '@crosswalk/server'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { runCrosswalk } from './testing/run-crosswalk.ts'

const TOKEN = 'an admin token of more than 32 characters'
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-configuration-cli-'))
let server: RunningServer
let baseUrl = ''

beforeAll(async () => {
  const at = (port: number) => {
    const origin = `http://127.0.0.1:${port}`
    const file = {
      baseUrl: origin,
      listen: { host: '127.0.0.1', port },
      database: `sqlite:${folder}/db.sqlite`,
      admin: { token: TOKEN },
      idp: {
        users: [{ id: 'usr_alice', username: 'alice', name: 'Alice', password: 'a password' }],
        apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: { method: 'none' } }],
      },
    }
    const { configuration, problems } = parseConfiguration(JSON.stringify(file), 'crosswalk.json', {})
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

const crosswalk = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  answers?: readonly string[],
) => runCrosswalk([...args, '--server', baseUrl], { env: { CROSSWALK_ADMIN_TOKEN: TOKEN, ...env }, answers })

const pipe = (stdin: string, args: readonly string[]) =>
  runCrosswalk([...args, '--server', baseUrl], { env: { CROSSWALK_ADMIN_TOKEN: TOKEN }, stdin })

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const APPS = `idp:
  apps:
    - id: bot
      name: Bot
      kind: agent
      auth: { method: client_secret_basic, secret: "\${BOT_SECRET}" }
`
const POLICIES = `idp:
  policies:
    - id: no-bots
      when: { app: bot }
      effect: deny
`
const WHY = ['--yes', '--reason', 'change 17']
const ENV = { BOT_SECRET: 'the secret of the bot' }

it('applies several files as one plan, shown first and applied only after confirmation', async () => {
  const files = [write('apps.yaml', APPS), write('policies.yaml', POLICIES)]
  const diff = await crosswalk(['diff', ...files], ENV)
  expect(diff).toMatchObject({ exitCode: 3, err: '' })
  expect(diff.out).toMatch(
    /^2 to create \(revision \d+\)\n\+ apps\/bot\n {4}auth\.secret is set\n\+ policies\/no-bots\n$/,
  )
  const asked = await crosswalk(['apply', ...files], ENV)
  expect(asked).toMatchObject({ exitCode: 2, out: diff.out })
  expect(asked.err).toContain('add --yes and --reason to do it')
  const unset = await crosswalk(['apply', ...files, ...WHY])
  expect(unset.exitCode).toBe(2)
  expect(unset.err).toContain(`${files[0]}:3: /idp/apps/0: client bot needs a secret`)
  const done = await crosswalk(['apply', ...files, ...WHY], ENV)
  expect(done).toMatchObject({ exitCode: 0, err: '' })
  expect(done.out).toMatch(/✓ applied\n$/)
  const again = await crosswalk(['apply', ...files])
  expect(again).toMatchObject({ exitCode: 0, err: '' })
  expect(again.out).toMatch(/^✓ no differences: 2 objects unchanged/)
})

it('changes nothing on a dry run, but still reports problems', async () => {
  const file = write('dry.yaml', POLICIES.replace('effect: deny', 'effect: deny\n      description: dry'))
  const dry = await crosswalk(['apply', file, '--dry-run', ...WHY])
  expect(dry).toMatchObject({ exitCode: 0, err: 'dry run: nothing was changed\n' })
  expect(dry.out).toMatch(/~ policies\/no-bots/)
  expect((await crosswalk(['diff', file])).out).toBe(dry.out)
  const wrong = write('wrong.yaml', 'idp:\n  policies:\n    - id: x\n      effect: forbid\n')
  expect((await crosswalk(['apply', wrong, '--dry-run'])).exitCode).toBe(2)
  const misplaced = await crosswalk(['apply', write('misplaced.yaml', POLICIES.replace('idp:\n', ''))])
  expect(misplaced).toMatchObject({ exitCode: 2, err: expect.stringContaining('write it below `idp`') })
  expect(misplaced.out).not.toContain('no differences')
})

it('exports a document without differences to the server', async () => {
  const exported = await crosswalk(['export'])
  expect(exported).toMatchObject({ exitCode: 0 })
  expect(exported.err).toContain('set these variables: USR_ALICE_PASSWORD BOT_SECRET')
  expect(exported.out).toContain('secret: ${BOT_SECRET}')
  const file = write('exported.yaml', exported.out)
  for (const command of ['diff', 'apply'])
    expect(await crosswalk([command, file, '--prune'])).toMatchObject({ exitCode: 0, err: '' })
})

it('shows who changed an object by hand, when and why', async () => {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const url = `${baseUrl}/admin/api/v1/policies/no-bots`
  const etag = (await fetch(url, { headers })).headers.get('etag') ?? ''
  const change = { method: 'PATCH', body: '{"state":"off","reason":"incident 9"}' }
  expect((await fetch(url, { ...change, headers: { ...headers, 'if-match': etag } })).status).toBe(200)
  const diff = await crosswalk(['diff', write('policies.yaml', POLICIES)])
  expect(diff.exitCode).toBe(3)
  expect(diff.out).toContain('~ policies/no-bots\n    state: "off" → "enforced"\n')
  expect(diff.out).toMatch(/by hand: changed 20\S+Z by admin, revision \d+: incident 9\n$/)
  const json = await crosswalk(['diff', join(folder, 'policies.yaml'), '-o', 'json'])
  expect(JSON.parse(json.out)).toMatchObject({
    schema: 'crosswalk.plan/v1',
    changes: [{ id: 'no-bots', byHand: [{ by: 'admin', reason: 'incident 9' }] }],
  })
})

it('asks at a terminal, and accepts only yes', async () => {
  const file = write('asked.yaml', POLICIES.replace('effect: deny', 'effect: deny\n      description: asked'))
  const no = await crosswalk(['apply', file], {}, ['y', 'change 18'])
  expect(no).toMatchObject({ exitCode: 2 })
  expect(no.err).toContain('nothing was changed')
  expect(await crosswalk(['apply', file], {}, ['yes', ' '])).toMatchObject({ exitCode: 2 })
  const yes = await crosswalk(['apply', file], {}, ['yes', 'change 18'])
  expect(yes).toMatchObject({ exitCode: 0 })
  expect(yes.out).toContain('✓ applied')
})

it('reads - from standard input, which then cannot confirm', async () => {
  const piped = POLICIES.replace('effect: deny', 'effect: deny\n      description: piped')
  expect(await pipe(piped, ['diff', '-'])).toMatchObject({ exitCode: 3, err: '' })
  const asked = await pipe(piped, ['apply', '-'])
  expect(asked.out).toContain('~ policies/no-bots')
  expect(asked).toMatchObject({
    exitCode: 2,
    err:
      'error: this plan would be applied; nothing was changed\n' +
      'why: standard input is not a terminal, so the command cannot ask\n' +
      'fix: add --yes and --reason to do it\n',
  })
  const done = await pipe(piped, ['apply', '-', ...WHY])
  expect(done).toMatchObject({ exitCode: 0, err: '' })
  expect(done.out).toMatch(/✓ applied\n$/)
})

it('applies standard input together with files', async () => {
  const { exitCode, out } = await pipe(POLICIES, [
    'diff',
    write('empty.yaml', 'idp: { policies: [] }\n'),
    '-',
  ])
  expect(exitCode).toBe(3)
  expect(out).toContain('~ policies/no-bots')
})

it.each([
  ['a problem with its line', 'idp:\n  polices: []\n', 'standard input:2: /idp/polices: '],
  ['invalid YAML with its line', 'idp: [\n', 'standard input:2: not valid YAML'],
  ['an empty document', '\n', 'error: standard input is empty\n'],
])('names %s on standard input', async (_, text, message) => {
  const { exitCode, err } = await pipe(text, ['diff', '-'])
  expect(exitCode).toBe(2)
  expect(err).toContain(message)
})

it('does not wait for a document to be typed', async () => {
  const { exitCode, err } = await crosswalk(['apply', '-'], {}, ['yes'])
  expect(exitCode).toBe(2)
  expect(err).toContain('error: nothing to read\nfix: pass a file, or pipe the text into this command\n')
})

it('deletes only with --prune', async () => {
  const file = write('empty.yaml', 'idp: { policies: [] }\n')
  const kept = await crosswalk(['apply', file, ...WHY])
  expect(kept).toMatchObject({ exitCode: 0 })
  expect(kept.out).toContain('? policies/no-bots  in the database only; --prune deletes it')
  const pruned = await crosswalk(['apply', file, '--prune', ...WHY])
  expect(pruned.out).toContain('- policies/no-bots\n')
  expect(await crosswalk(['diff', file])).toMatchObject({ exitCode: 0 })
})

it('exits with 7 if the configuration file owns a changed object, and changes nothing', async () => {
  const file = write(
    'owned.yaml',
    'idp: { apps: [{ id: agent0, name: Renamed, kind: agent, auth: { method: none } }] }\n',
  )
  const { exitCode, out } = await crosswalk(['apply', file, ...WHY])
  expect(exitCode).toBe(7)
  expect(out).toContain(
    '! apps/agent0  owned by the configuration file of the server, crosswalk.json, line 1',
  )
})

it.each([
  ['a misspelt section', 'idp:\n  polices: []\n', ':2: /idp/polices: there is no `polices` here', 2],
  [
    'a wrong value',
    'idp:\n  policies:\n    - id: x\n      effect: forbid\n',
    ':4: /idp/policies/0/effect: ',
    2,
  ],
  [
    'a variable that is not set',
    'idp:\n  apps:\n    - { id: "${NOT_SET}" }\n',
    ':3: the environment variable NOT_SET',
    2,
  ],
  ['invalid YAML', 'idp: [\n', ': not valid YAML', 2],
])('names %s with its line', async (_, text, message, code) => {
  const file = write('wrong.yaml', text)
  const { exitCode, err } = await crosswalk(['diff', file])
  expect(exitCode).toBe(code)
  expect(err).toMatch(new RegExp(`wrong\\.yaml:\\d+:`))
  expect(err).toContain(message)
})
