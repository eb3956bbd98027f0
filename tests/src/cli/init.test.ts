// `crosswalk init`: its files pass `config check`, start the server, and let the first user in.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

import { run } from '@crosswalk/cli'
import { loadConfiguration } from '@crosswalk/control'
import { startServer } from '@crosswalk/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { postForm, basic, readMetadata } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { findFreePort } from '../support/free-port.ts'
import { crosswalk } from './run-crosswalk.ts'

const REDIRECT_URI = 'http://127.0.0.1:8765/callback'
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-init-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const readSecrets = (file: string) => parseEnv(readFileSync(file, 'utf8')) as Record<string, string>

describe('init', () => {
  it('writes files that work unchanged, with secrets readable only by the owner', async () => {
    const baseUrl = `http://127.0.0.1:${await findFreePort()}`
    const database = `sqlite:${folder}/crosswalk.db`
    const args = ['init', '--yes', '--folder', folder, '--base-url', baseUrl, '--database', database]
    const made = await crosswalk([...args, '--user-email', 'ada@acme.test', '--app-name', 'Agent "Zero" #1'])
    const file = join(folder, 'crosswalk.yaml')
    const secretsFile = join(folder, 'crosswalk.env')
    expect(made).toMatchObject({ exitCode: 0, out: `${file}\n${secretsFile}\n` })
    expect(statSync(secretsFile).mode & 0o777).toBe(0o600)

    const env = readSecrets(secretsFile)
    const text = readFileSync(file, 'utf8')
    for (const secret of Object.values(env))
      expect([secret.length >= 43, text.includes(secret)]).toEqual([true, false])
    expect(await crosswalk(['config', 'check', '--config', file])).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(
        /^OK: .* is valid: 1 user, 1 app, 1 resource app, 1 connection, /,
      ) as unknown,
      err: '',
    })

    const { configuration } = loadConfiguration(file, {})
    if (configuration === undefined) throw new Error('the configuration is invalid')
    const server = await startServer(configuration, {
      environment: {},
      log: () => undefined,
    })
    try {
      const idToken = await signInFirstUser(baseUrl, env)
      const flow = ['flow', 'run', '--idp', baseUrl, '--as', `${baseUrl}/as/resource`, '--client-id', 'app']
      const secrets = {
        CROSSWALK_IDP_SECRET: env.APP_SECRET ?? '',
        CROSSWALK_AS_SECRET: env.APP_AT_RESOURCE_SECRET ?? '',
      }
      const { exitCode } = await crosswalk([...flow, '--as-client-id', 'app-at-resource', '--no-call'], {
        env: secrets,
        stdin: idToken,
      })
      expect(exitCode).toBe(0)
    } finally {
      await server.close()
    }
  })

  it('never overwrites a file', async () => {
    const before = readFileSync(join(folder, 'crosswalk.env'), 'utf8')
    const { exitCode, err } = await crosswalk(['init', '--yes', '--folder', folder])
    expect([exitCode, err]).toEqual([7, expect.stringMatching(/already exists; nothing was written/)])
    expect(readFileSync(join(folder, 'crosswalk.env'), 'utf8')).toBe(before)
  })

  it('creates a missing folder', async () => {
    const inner = join(folder, 'new', 'project')
    expect((await crosswalk(['init', '--yes', '--folder', inner])).exitCode).toBe(0)
    expect(readFileSync(join(inner, 'crosswalk.yaml'), 'utf8')).toContain('authorizationServers:')
  })

  it('prints the next command, quoted for a shell, for any folder', async () => {
    for (const name of ['plain', "with a space and a '"]) {
      const inner = join(folder, name)
      const { err } = await crosswalk(['init', '--yes', '--folder', inner])
      const [, command = ''] = /^next: (.*)\n/.exec(err) ?? []
      const shell = spawnSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
      const words = ['npx', 'crosswalk', 'serve', '--config', join(inner, 'crosswalk.yaml')]
      expect([shell.status, shell.stdout.trim().split('\n'), shell.stderr]).toEqual([0, words, ''])
    }
  })

  it('keeps a database password out of the file, as a variable', async () => {
    const inner = join(folder, 'postgres')
    const database = 'postgres://crosswalk:${DB_PASSWORD}@db.acme.test:5432/crosswalk'
    const made = await crosswalk(['init', '--yes', '--folder', inner, '--database', database])
    expect(made).toMatchObject({ exitCode: 0 })
    const environment = { ...readSecrets(join(inner, 'crosswalk.env')), DB_PASSWORD: 'pw' }
    const { configuration } = loadConfiguration(join(inner, 'crosswalk.yaml'), environment)
    expect(configuration?.database).toBe(database.replace('${DB_PASSWORD}', 'pw'))
    expect(readFileSync(join(inner, 'crosswalk.yaml'), 'utf8')).not.toContain('# Embedded')
  })

  it('reports a folder that cannot be created', async () => {
    writeFileSync(join(folder, 'file'), '')
    for (const inner of [join(folder, 'file', 'project'), '/proc/crosswalk/project']) {
      const { exitCode, err } = await crosswalk(['init', '--yes', '--folder', inner])
      expect([exitCode, err]).toEqual([1, expect.stringMatching(/cannot be written \(E\w+\)/)])
    }
  })

  it.each([
    ['--base-url', 'http://idp.example'],
    ['--base-url', 'https://idp.example/'],
    ['--redirect-uri', '${HOME}'],
    ['--database', 'mysql://x'],
    ['--database', 'postgres://crosswalk:$PASSWORD@db/crosswalk'],
    ['--scopes', 'a"b'],
    ['--user-name', 'a$b'],
  ])('rejects the %s %s', async (option, value) => {
    const { exitCode, err } = await crosswalk([
      'init',
      '--yes',
      '--folder',
      join(folder, 'none'),
      option,
      value,
    ])
    expect([exitCode, err]).toEqual([2, expect.stringContaining(option)])
  })

  it('prompts only at a terminal, again after an invalid answer', async () => {
    expect((await crosswalk(['init', '--folder', folder])).exitCode).toBe(2)
    const asked: string[] = []
    const answers = ['nonsense', 'https://idp.acme.test', '', 'Ada', 'ada@acme.test']
    const target = mkdtempSync(join(folder, 'asked-'))
    const exitCode = await run(['init', '--folder', target], {
      writeOut: () => undefined,
      writeErr: () => undefined,
      stdin: [],
      isStdinTerminal: true,
      ask: async (question) => {
        asked.push(question)
        return answers.shift() ?? ''
      },
      env: {},
      nowMs: () => Date.now(),
    })
    expect([exitCode, asked.length]).toEqual([0, 9])
    expect(asked[1]).toMatch(/^\(an https URL.*\) public origin/)
    const file = join(target, 'crosswalk.yaml')
    const { configuration } = loadConfiguration(file, readSecrets(join(target, 'crosswalk.env')))
    expect(configuration).toMatchObject({
      baseUrl: 'https://idp.acme.test',
      idp: { users: [{ name: 'Ada', username: 'ada' }] },
    })
  })
})

async function signInFirstUser(baseUrl: string, env: Readonly<Record<string, string>>): Promise<string> {
  const metadata = await readMetadata(`${baseUrl}/.well-known/openid-configuration`)
  const { code, codeVerifier } = await signIn({
    authorizationEndpoint: metadata.authorization_endpoint ?? '',
    clientId: 'app',
    redirectUri: REDIRECT_URI,
    username: 'ada',
    password: env.FIRST_USER_PASSWORD ?? '',
    scope: 'openid',
  })
  const form = {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const authorization = basic({ id: 'app', secret: env.APP_SECRET ?? '' })
  return String((await postForm(metadata.token_endpoint ?? '', form, { authorization })).body.id_token)
}

describe('demo', () => {
  it('starts the demo world, which reports problems itself', async () => {
    const { exitCode, err } = await crosswalk(['demo', '--port-base', '80'])
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/^error: --port-base must be a number/)])
  })
})
