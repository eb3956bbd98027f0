// crosswalk.env beside crosswalk.yaml is read, but the process environment takes precedence.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { environmentFileOf } from './environment-file.ts'
import { loadConfiguration } from './load-configuration.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-env-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const TOKEN = 'a-token-of-the-admin-api-that-is-long-enough'
const CONFIGURATION = "baseUrl: http://127.0.0.1:4000\nadmin: { token: '${TOKEN}' }\n"

function load(variables: string | Buffer | undefined, ofProcess = {}, mode = 0o600) {
  const file = join(folder, 'prod.yaml')
  writeFileSync(file, CONFIGURATION)
  if (variables !== undefined) writeFileSync(join(folder, 'prod.env'), variables, { mode })
  if (variables !== undefined) chmodSync(join(folder, 'prod.env'), mode)
  return loadConfiguration(file, ofProcess)
}

it.each([
  ['crosswalk.yaml', 'crosswalk.env'],
  ['/etc/crosswalk/prod.yml', '/etc/crosswalk/prod.env'],
  ['a.b.json', 'a.b.env'],
  ['configuration', 'configuration.env'],
])('the variables for %s are in %s', (file, expected) => {
  expect(environmentFileOf(file)).toBe(expected)
})

it('reads the variables beside the file', () => {
  const { configuration, problems, environment } = load(`# secrets\nTOKEN=${TOKEN}\nMORE="a b"\n`)
  expect(problems).toEqual([])
  expect(configuration?.admin?.token).toBe(TOKEN)
  expect(environment).toMatchObject({ TOKEN, MORE: 'a b' })
})

it('prefers the process environment', () => {
  const other = `${TOKEN}-of-the-process`
  expect(load(`TOKEN=${TOKEN}\n`, { TOKEN: other }).configuration?.admin?.token).toBe(other)
})

it('ignores an empty variable of the process, which Compose passes on for one that is not set', () => {
  expect(load(`TOKEN=${TOKEN}\n`, { TOKEN: '' }).configuration?.admin?.token).toBe(TOKEN)
})

it('reads a secret from a file named in the environment, as Docker and Kubernetes mount it', () => {
  const secret = join(folder, 'mounted')
  writeFileSync(secret, `${TOKEN}\n`)
  const read = (variables: string | undefined, ofProcess = {}) => load(variables, ofProcess)
  expect(read(undefined, { TOKEN_FILE: secret }).configuration?.admin?.token).toBe(TOKEN)
  expect(read(`TOKEN_FILE=${secret}\n`).configuration?.admin?.token).toBe(TOKEN)
  expect(read(`TOKEN=of-the-file-beside\n`, { TOKEN_FILE: secret }).configuration?.admin?.token).toBe(TOKEN)
  expect(read(`TOKEN_FILE=/none\n`, { TOKEN }).configuration?.admin?.token).toBe(TOKEN)
})

it('rejects a secret that is set twice at the same level, and a missing file', () => {
  const what = (ofProcess: Record<string, string>) => load(undefined, ofProcess).problems[0]?.what
  expect(what({ TOKEN, TOKEN_FILE: '/none' })).toBe('TOKEN and TOKEN_FILE are both set')
  expect(what({ TOKEN_FILE: '/none' })).toBe('TOKEN_FILE names /none, which cannot be read (ENOENT)')
})

it('reports an unset variable without such a file, and where to set it', () => {
  const { configuration, problems } = load(undefined)
  expect(configuration).toBeUndefined()
  expect(problems).toMatchObject([
    { fix: 'set TOKEN in the environment or in prod.env, or TOKEN_FILE to a file that holds it', line: 2 },
  ])
})

it.runIf(process.platform !== 'win32').each([
  [0o600, 0],
  [0o700, 0],
  [0o640, 1],
  [0o604, 1],
  [0o644, 1],
])('warns if other users may read it: mode %o', (mode, warnings) => {
  const { configuration, problems } = load(`TOKEN=${TOKEN}\n`, {}, mode)
  expect(configuration).toBeDefined()
  expect(problems).toHaveLength(warnings)
  if (warnings > 0)
    expect(problems[0]).toMatchObject({
      severity: 'warning',
      fix: expect.stringContaining('chmod 600') as unknown,
    })
})

it('reads a file of the largest size', () => {
  const variables = `TOKEN=${TOKEN}\n#`
  const { problems } = load(variables + 'x'.repeat(256 * 1024 - variables.length))
  expect(problems).toEqual([])
})

it.each([
  ['is not text', Buffer.from([0x54, 0, 0xff]), /not UTF-8 text/],
  ['is too large by a byte', '#'.repeat(256 * 1024 + 1), /larger than 262144 bytes/],
])('reports a file that %s', (_, content, what) => {
  const { configuration, problems } = load(content, { TOKEN })
  expect(configuration).toBeUndefined()
  expect(problems).toMatchObject([{ severity: 'error', what: expect.stringMatching(what) as unknown }])
})
