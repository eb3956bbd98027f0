// What file and database both define stops `crosswalk serve` as any mistake of the file does: everything listed, exit code 2.
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
  await server.stop()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('lists every clash with file, line and remedy', async () => {
  const port = await findFreePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const written = company(baseUrl) as { idp: { apps: object[] } }
  written.idp.apps.push(...bots)
  const file = join(folder, 'crosswalk.json')
  const text = JSON.stringify({ baseUrl, listen: { host: '127.0.0.1', port }, database, ...written }, null, 2)
  writeFileSync(file, text)
  const { exitCode, out, err } = await crosswalk(['serve', '--config', file], { env: { CROSSWALK_KEY: key } })
  expect([exitCode, out]).toEqual([2, ''])
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
