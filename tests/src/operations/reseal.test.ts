// Replaces the master key of a database while a server issues grants.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { resealDatabase } from '@crosswalk/server'
import { afterAll, beforeAll, expect } from 'vitest'

import { itOnDatabases } from '../../../tools/test-databases.ts'
import { company } from '../support/company.ts'
import { cross, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-reseal-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

itOnDatabases(
  'replaces the master key while serving, after which the old one opens nothing, on $name',
  async (kind) => {
    const database = await kind.create()
    const key = randomBytes(32).toString('hex')
    const newKeyFile = join(folder, `${kind.name}.key`)
    const reseal = (environment: Record<string, string>, file?: string) =>
      resealDatabase({ database }, { environment, newKeyFile: file, waitMs: 1500 })
    const start = (masterKey: string) => startTestServer({ file: company, database, key: masterKey })

    const server = await start(key)
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    let resealing = true
    const outcomes: (readonly number[])[] = []
    const crossing = (async () => {
      while (resealing) outcomes.push(await cross(server.baseUrl, idToken))
    })()
    const report = await reseal({ CROSSWALK_KEY: key }, newKeyFile)
    resealing = false
    await crossing
    expect(report.signingKeys).toBeGreaterThanOrEqual(3)
    expect(outcomes.length).toBeGreaterThan(0)
    expect(outcomes.filter(([first, second]) => first !== 200 || second !== 200)).toEqual([])

    await reseal({ CROSSWALK_KEY_FILE: newKeyFile })
    expect(await cross(server.baseUrl, idToken)).toEqual([200, 200])
    const kids = await readKids(server.baseUrl)
    await server.stop()

    const newKey = readFileSync(newKeyFile, 'utf8').trim()
    expect(newKey).not.toBe(key)
    await expect(start(key)).rejects.toThrow('does not open this database')
    const again = await start(newKey)
    expect(await readKids(again.baseUrl)).toEqual(kids)
    const carol = await signInFor(again.baseUrl, 'carol')
    expect(await cross(again.baseUrl, carol.idToken)).toEqual([200, 200])
    expect(again.log.filter((line) => line.startsWith('fault'))).toEqual([])
    await again.stop()
  },
)

async function readKids(baseUrl: string): Promise<readonly string[]> {
  const { keys } = (await (await fetch(`${baseUrl}/jwks`)).json()) as { keys: { kid: string }[] }
  return keys.map(({ kid }) => kid)
}
