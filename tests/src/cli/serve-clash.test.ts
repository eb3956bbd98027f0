// What file and database both define stops `crosswalk serve` as any mistake of the file does: everything listed, exit
// code 2.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { adminOf } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-clash-'))
const database = `sqlite:${join(folder, 'db.sqlite')}`
const key = randomBytes(32).toString('hex')
const bots = ['bot-one', 'bot-two'].map((id) => ({ id, name: id, kind: 'web', auth: { method: 'none' } }))

beforeAll(async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl), database, key })
  for (const body of bots) expect((await adminOf(server.baseUrl)('POST', '/apps', { body })).status).toBe(201)
  for (const body of people)
    expect((await adminOf(server.baseUrl)('POST', '/users', { body })).status).toBe(201)
  await server.stop()
})

const people = [
  { id: 'usr_zoe', username: 'zoe', email: 'zoe@acme.test' },
  { id: 'usr_yan', username: 'yan@acme.test' },
]

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Written {
  readonly idp: { readonly apps: object[]; readonly users: object[] }
}

async function serve(add: (written: Written) => void) {
  const port = await findFreePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const written = company(baseUrl) as unknown as Written
  add(written)
  const file = join(folder, 'crosswalk.json')
  const text = JSON.stringify({ baseUrl, listen: { host: '127.0.0.1', port }, database, ...written }, null, 2)
  writeFileSync(file, text)
  const { exitCode, out, err } = await crosswalk(['serve', '--config', file], { env: { CROSSWALK_KEY: key } })
  expect([exitCode, out]).toEqual([2, ''])
  return { file, text, err }
}

it('lists every clash with file, line and remedy', async () => {
  const { file, text, err } = await serve(({ idp }) => idp.apps.push(...bots))
  for (const { id } of bots) {
    const line = text.slice(0, text.indexOf(`"id": "${id}"`)).split('\n').length
    const place = new RegExp(
      `${file}:(\\d+): apps/${id} is both in the configuration file and in the database`,
    )
    const found = Number(place.exec(err)?.[1])
    expect(Math.abs(found - line)).toBeLessThanOrEqual(1)
  }
  expect(err.match(/fix: rename the object in the file/g)).toHaveLength(2)
  expect(err).toContain('2 problems')
})

it.each([
  ['a username', { username: 'zoe' }, 'the username zoe is already used by users/usr_zoe in the database'],
  [
    'an address',
    { username: 'max', email: 'ZOE@acme.test' },
    'the e-mail address zoe@acme.test is already used by users/usr_zoe in the database',
  ],
  [
    'an address as username',
    { username: 'zoe@acme.test' },
    'the username zoe@acme.test is the e-mail address of user usr_zoe',
  ],
  [
    'a username as address',
    { username: 'max', email: 'yan@acme.test' },
    'the e-mail address yan@acme.test is the username of user usr_yan',
  ],
])('names the line of the user in the file who has %s of one in the database', async (_, user, what) => {
  const { file, text, err } = await serve(({ idp }) => idp.users.push({ id: 'usr_max', ...user }))
  // An object of JSON begins one line above its first member.
  const line = text.slice(0, text.indexOf('"id": "usr_max"')).split('\n').length - 1
  expect(err).toContain(`${file}:${line}: ${what}\n`)
  expect(err).toContain('1 problem in')
})
