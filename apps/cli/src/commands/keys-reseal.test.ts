// The output of `crosswalk keys reseal`, on its own database.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createSigningKeys } from '@crosswalk/as-core'
import { openPorts } from '@crosswalk/storage'
import { afterAll, expect, it } from 'vitest'

import { runCrosswalk } from '../testing/run-crosswalk.ts'

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-reseal-'))
afterAll(() => rmSync(folder, { recursive: true }))
const database = `sqlite:${join(folder, 'db.sqlite')}`
const config = join(folder, 'crosswalk.yaml')
const newKey = join(folder, 'new.key')
writeFileSync(config, `baseUrl: http://127.0.0.1:4000\ndatabase: ${database}\nidp: {}\n`)

const reseal = (env: Record<string, string>, ...args: readonly string[]) =>
  runCrosswalk(['keys', 'reseal', '--config', config, ...args], { env, nowMs: () => 0 })

it('requires a new key, and a database with sealed values', async () => {
  expect(await reseal({})).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/^error: no new key given\nfix: add --new-key FILE/),
  })
  expect(await reseal({}, '--new-key', newKey)).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(/^error: nothing is sealed in this database yet\nfix: start the server/),
  })
})

it('replaces the key, prints the next step, and finishes only with the new key', async () => {
  const ports = await openPorts(database)
  const { keyStore: store, sealing } = ports
  await createSigningKeys({
    store,
    owner: 'idp',
    purposes: ['id-jag'],
    algorithm: 'ES256',
    sealing,
  })
  await ports.close()

  const begun = await reseal({}, '--new-key', newKey)
  expect(begun).toMatchObject({ exitCode: 0, out: expect.stringContaining('sealed 1 signing key,') })
  expect(begun.err).toBe(
    `Start every server with the key in ${newKey}, then run: npx crosswalk keys reseal --config ${config} --finish\n`,
  )
  expect(statSync(newKey).mode & 0o777).toBe(0o600)

  expect(await reseal({}, '--finish')).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(/is the old one; finish with/),
  })
  const finished = await reseal({ CROSSWALK_KEY_FILE: newKey }, '--finish', '-o', 'json')
  expect(JSON.parse(finished.out)).toMatchObject({
    schema: 'crosswalk.reseal/v1',
    finished: true,
    signingKeys: 0,
  })
})
