// `crosswalk login` and profiles: where the token is stored, which server receives it, and what takes precedence over a
// profile.
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

const TOKEN = 'an admin token of more than 32 characters'

let server: TestServer
let folder = ''
let file = ''
beforeAll(async () => {
  server = await startTestServer({ file: company })
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-profiles-'))
  file = join(folder, 'crosswalk', 'profiles.json')
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const run = (args: readonly string[], { stdin = '', env = {} as Record<string, string> } = {}) =>
  crosswalk(args, { stdin, env: { XDG_CONFIG_HOME: folder, ...env } })

it('stores no token that the server rejects', async () => {
  const refused = await run(['login', '--server', server.baseUrl], { stdin: 'another token' })
  expect([refused.exitCode, refused.err]).toEqual([4, expect.stringContaining('CROSSWALK_ADMIN_TOKEN')])
  expect((await run(['profile', 'list', '-o', 'json'])).out).toContain('"items": []')
})

it.each([
  ['no token', [], '', 2, /^error: no token given\nfix: .*CROSSWALK_ADMIN_TOKEN of crosswalk\.env/],
  [
    'an address without a scheme',
    ['--server', '127.0.0.1:9'],
    TOKEN,
    2,
    /not a valid server URL\nfix: .*https:\/\//,
  ],
  ['a port without a server', ['--server', 'http://127.0.0.1:2'], TOKEN, 8, /reached \(ECONNREFUSED\)/],
])('says what is wrong with %s', async (_, args, stdin, exitCode, said) => {
  expect(await run(['login', ...args], { stdin })).toEqual({
    exitCode,
    out: '',
    err: expect.stringMatching(said),
  })
})

it('detects a plain HTTP server behind an https URL', async () => {
  const tls = server.baseUrl.replace('http:', 'https:')
  const { exitCode, err } = await run(['login', '--server', tls], { stdin: TOKEN })
  expect([exitCode, err]).toEqual([8, expect.stringContaining('use http:// instead of https://')])
})

it('distinguishes an invalid token from a missing one', async () => {
  const { err } = await run(['login', '--server', server.baseUrl], { stdin: 'another token' })
  expect(err).toContain(
    'code: invalid-token\nwhy: The token is unknown, expired or revoked, or its creator lost the required role.',
  )
  const missing = await fetch(`${server.baseUrl}/admin/api/v1/whoami`)
  expect([missing.status, await missing.text()]).toEqual([
    401,
    expect.stringContaining('Send `Authorization: Bearer`'),
  ])
})

it('suspects the proxy if the Authorization header does not arrive', async () => {
  const proxy = createServer((request, response) => {
    void fetch(`${server.baseUrl}${request.url}`).then(async (answer) =>
      response
        .writeHead(answer.status, { 'content-type': 'application/problem+json' })
        .end(await answer.text()),
    )
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const { port } = proxy.address() as AddressInfo
  const { exitCode, err } = await run(['login', '--server', `http://127.0.0.1:${port}`], { stdin: TOKEN })
  expect([exitCode, err]).toEqual([
    4,
    expect.stringContaining('fix: the Authorization header did not arrive; configure the proxy'),
  ])
  proxy.close()
})

it('stores server and token for later commands, readable only by the owner', async () => {
  const { exitCode, out } = await run(['login', '--server', `${server.baseUrl}/`], { stdin: `${TOKEN}\n` })
  expect([exitCode, out]).toEqual([0, expect.stringContaining(`at ${server.baseUrl}, profile default`)])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect((await run(['whoami'])).exitCode).toBe(0)
  expect((await run(['open'])).out).toBe(`${server.baseUrl}/admin\n`)
  const opened = async (page: string) => (await run(['open', page])).out
  expect(await opened('connections/agent0-todo0')).toBe(`${server.baseUrl}/admin/connections/agent0-todo0\n`)
  expect(await opened('/activity?app=a b')).toBe(`${server.baseUrl}/admin/activity?app=a%20b\n`)
  expect(await opened('dec_1')).toBe(`${server.baseUrl}/admin/decisions/dec_1\n`)
  expect(await opened('apps/https://agent.test/client')).toBe(
    `${server.baseUrl}/admin/apps/https%3A%2F%2Fagent.test%2Fclient\n`,
  )
  expect(await opened('keys')).toBe(`${server.baseUrl}/admin/keys\n`)
  for (const page of ['nopage', 'connections/agent0-todo0/nothing', 'connections//prove'])
    expect(await run(['open', page])).toMatchObject({
      ...{ exitCode: 2, out: '' },
      err: expect.stringMatching(
        /^error: the console has no page .*\nfix: open one of these: .*connections\/ID/,
      ),
    })
  expect((await run(['profile', 'list'])).out).not.toContain(TOKEN)
})

it('never sends the token of a profile to another server', async () => {
  const elsewhere = ['whoami', '--server', 'http://127.0.0.1:9']
  expect(await run(elsewhere)).toMatchObject({ exitCode: 4, err: expect.stringContaining('no token') })
  expect(await run([...elsewhere, '--profile', 'default'])).toMatchObject({ exitCode: 2 })
  expect((await run(['whoami', '--server', server.baseUrl])).exitCode).toBe(0)
})

it('repeats the options that chose the server in the commands that a fix suggests', async () => {
  const fixOf = async (...args: readonly string[]) => /^fix: (.*)$/m.exec((await run(args)).err)?.[1]
  const there = ['--server', server.baseUrl]
  expect(await fixOf('app', 'show', 'nothing', ...there)).toBe(
    `see \`npx crosswalk app list --server ${server.baseUrl}\``,
  )
  expect(await fixOf('app', 'show', 'nothing', '--profile', 'default')).toBe(
    'see `npx crosswalk app list --profile default`',
  )
  expect(await fixOf('app', 'show', 'nothing')).toBe('see `npx crosswalk app list`')
  expect(await fixOf('whoami', '--server', 'http://127.0.0.1:9')).toContain(
    '`npx crosswalk login --server http://127.0.0.1:9`',
  )
  const stored = JSON.parse(readFileSync(file, 'utf8')) as { profiles: object }
  const stale = { server: server.baseUrl, token: 'a token that the server does not know any more' }
  writeFileSync(file, JSON.stringify({ ...stored, profiles: { ...stored.profiles, stale } }))
  expect(await fixOf('whoami', '--profile', 'stale')).toContain(
    `\`npx crosswalk login --server ${server.baseUrl} --name stale\``,
  )
  writeFileSync(file, JSON.stringify(stored))
})

it('prefers the token in the environment, unless a profile is given', async () => {
  const env = { CROSSWALK_ADMIN_TOKEN: 'another token' }
  const here = ['whoami', '--server', server.baseUrl]
  expect((await run(here, { env })).exitCode).toBe(4)
  expect((await run([...here, '--profile', 'default'], { env })).exitCode).toBe(0)
})

it('stores several profiles, uses the selected one, and deletes one with its token', async () => {
  await run(['login', '--server', server.baseUrl, '--name', 'second'], { stdin: TOKEN })
  await run(['profile', 'use', 'default'])
  const names = JSON.parse((await run(['profile', 'list', '-o', 'json'])).out) as { items: object[] }
  expect(names.items).toMatchObject([
    { name: 'default', current: true },
    { name: 'second', current: false },
  ])
  expect((await run(['logout', 'second'])).exitCode).toBe(0)
  expect(await run(['whoami', '--profile', 'second'])).toMatchObject({ exitCode: 6 })
  await run(['logout'])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ profiles: {} })
})

it('sends a new token to the server given, not to that of the current profile', async () => {
  await run(['login', '--server', server.baseUrl, '--name', 'first'], { stdin: TOKEN })
  const { exitCode, out } = await run(['login', '--name', 'second', '--timeout', '1'], { stdin: TOKEN })
  expect([exitCode, out]).not.toEqual([0, expect.stringContaining(server.baseUrl)])
})

it('replaces a profile file that others can read, and rejects one it did not write', async () => {
  const kept = join(folder, 'kept.json')
  const env = { CROSSWALK_PROFILES: kept }
  writeFileSync(kept, '{"profiles":{}}', { mode: 0o644 })
  const open = openSync(kept, 'r')
  await run(['login', '--server', server.baseUrl], { stdin: TOKEN, env })
  expect(statSync(kept).mode & 0o777).toBe(0o600)
  // A process that already has the old file open must not see the token.
  expect(readFileSync(open, 'utf8')).toBe('{"profiles":{}}')
  closeSync(open)
  for (const text of ['{', 'null', '{"profiles":{"a":{}}}']) {
    writeFileSync(kept, text)
    expect(await run(['whoami'], { env })).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/kept\.json .*\nfix: delete it, and run `npx crosswalk login` again/),
    })
  }
})
