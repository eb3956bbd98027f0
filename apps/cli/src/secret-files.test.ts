import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, it } from 'vitest'

import { run } from './program.ts'
import { readSecretFiles } from './secret-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-secret-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'token')
writeFileSync(file, 't0ken\n')

it.each(['CROSSWALK_ADMIN_TOKEN', 'CROSSWALK_IDP_SECRET', 'CROSSWALK_AS_SECRET', 'CROSSWALK_ID_TOKEN'])(
  'reads %s from a file',
  async (name) => {
    const env = await readSecretFiles({ [`${name}_FILE`]: file, OTHER: 'x' })
    expect(env).toEqual({ [name]: 't0ken', [`${name}_FILE`]: undefined, OTHER: 'x' })
  },
)

it('leaves other variables unchanged', async () => {
  const env = { SSL_CERT_FILE: '/none', CROSSWALK_KEY_FILE: '/none', CROSSWALK_ADMIN_TOKEN_FILE: '' }
  expect(await readSecretFiles(env)).toBe(env)
})

it('ends a command with one line and a fix if its secret cannot be read', async () => {
  let err = ''
  const exitCode = await run(['keys', 'list'], {
    writeOut: () => undefined,
    writeErr: (text) => void (err += text),
    stdin: [],
    isStdinTerminal: false,
    env: { CROSSWALK_ADMIN_TOKEN_FILE: join(folder, 'none') },
    nowMs: () => 0,
  })
  expect(exitCode).toBe(2)
  expect(err).toMatch(
    /^error: CROSSWALK_ADMIN_TOKEN_FILE names .*none, which cannot be read \(ENOENT\)\nfix: name an existing file\n$/,
  )
})
