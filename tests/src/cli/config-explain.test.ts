// `crosswalk config explain`: each source of a setting, and the one below that it hides. What it says is compared with what
// a command does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, expect, it, test, vi } from 'vitest'

import { crosswalk } from './run-crosswalk.ts'

const PROFILE = { server: 'https://prod.example', token: 'the token of the profile' }

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-explain-'))
  mkdirSync(join(folder, 'crosswalk'))
  const profiles = { current: 'prod', profiles: { prod: PROFILE } }
  writeFileSync(join(folder, 'crosswalk', 'profiles.json'), JSON.stringify(profiles))
  writeFileSync(join(folder, 'crosswalk.yaml'), 'baseUrl: http://127.0.0.1:4000\n')
  writeFileSync(join(folder, 'crosswalk.env'), 'DB_PASSWORD=kept in the file\nOTHER=only here\n', {
    mode: 0o600,
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (args: readonly string[], env: Readonly<Record<string, string>>) => {
  // Commander reads the defaults of options from the process.
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  return crosswalk(args, { env: { XDG_CONFIG_HOME: folder, ...env } })
}
afterEach(() => vi.unstubAllEnvs())

async function explain(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { out, exitCode } = await run(
    ['config', 'explain', '--config', join(folder, 'crosswalk.yaml'), ...args, '-o', 'json'],
    env,
  )
  const { settings } = JSON.parse(out) as {
    settings: readonly { name: string; value: string; from: string; hides: readonly string[] }[]
  }
  expect([exitCode, out.includes(PROFILE.token)]).toEqual([0, false])
  return Object.fromEntries(settings.map(({ name, ...rest }) => [name, rest]))
}

const secret = { value: 'set, not shown' }

it.each<[string, Readonly<Record<string, string>>, readonly string[], object, object]>([
  [
    'a profile',
    {},
    [],
    { value: PROFILE.server, from: 'profile prod', hides: [] },
    { ...secret, from: 'profile prod', hides: [] },
  ],
  [
    'a token of the environment, which leaves the profile unused',
    { CROSSWALK_ADMIN_TOKEN: 'another' },
    [],
    { value: 'http://127.0.0.1:4000', from: 'default', hides: [`profile prod ${PROFILE.server}`] },
    { ...secret, from: 'CROSSWALK_ADMIN_TOKEN', hides: ['profile prod'] },
  ],
  [
    'an address of the environment, without a token',
    { CROSSWALK_SERVER: 'https://test.example' },
    [],
    { value: 'https://test.example', from: 'CROSSWALK_SERVER', hides: [`profile prod ${PROFILE.server}`] },
    { value: 'none', from: 'nowhere', hides: [] },
  ],
  [
    'a named profile, before the environment',
    { CROSSWALK_SERVER: 'https://test.example', CROSSWALK_ADMIN_TOKEN: 'another' },
    ['--profile', 'prod'],
    { value: PROFILE.server, from: 'profile prod', hides: ['CROSSWALK_SERVER https://test.example'] },
    { ...secret, from: 'profile prod', hides: ['CROSSWALK_ADMIN_TOKEN'] },
  ],
])('%s', async (_, env, args, server, token) => {
  const settings = await explain(env, ...args)
  expect([settings['--server'], settings['token']]).toEqual([server, token])
  // A developer may run a server at the default address.
  if (JSON.stringify(settings['--server']).includes('"default"')) return
  // The server that a command asks is the one that it names.
  const { err } = await run(['whoami', ...args, '--timeout', '1'], env)
  if (token !== undefined && 'from' in token && token.from === 'nowhere') expect(err).toContain('no token')
  else expect(err).toContain(String(settings['--server']?.value).replace(/^https?:\/\//, ''))
})

test('variables of the process hide those of crosswalk.env', async () => {
  const file = join(folder, 'crosswalk.env')
  const settings = await explain({ DB_PASSWORD: 'of the process', CROSSWALK_WORKERS: '3' })
  expect([settings['DB_PASSWORD'], settings['OTHER'], settings['--workers']]).toEqual([
    { ...secret, from: 'environment', hides: [file] },
    { ...secret, from: file, hides: [] },
    { value: '3', from: 'CROSSWALK_WORKERS', hides: [] },
  ])
})

test('a table for the eye', async () => {
  const { out } = await run(['config', 'explain'], {})
  expect(out).toMatch(/^setting +value +from +hides\n--server +https:\/\/prod\.example +profile prod\n/)
})
