// Kill -9 under load: every token a client received is recorded, and no grant is used twice.
import { randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'

import { expect } from 'vitest'

import { itOnDatabases } from '../../../tools/test-databases.ts'
import { signInFor } from '../support/flow.ts'
import { startServerProcess } from '../support/server-process.ts'
import { expectAllRecorded, expectAllSpent, prepareWorld } from './crash-world.ts'
import { type Harvest, loadUntilDead } from './load.ts'

const KILLS = 10
const WORKERS = 8

itOnDatabases(
  'loses no recorded grant and accepts none twice in 10 crashes under load, on $name (RAS-19, IDP-38)',
  async ({ create }) => {
    const database = await create()
    const world = await prepareWorld(database)
    const all: Harvest = { received: [], spent: [] }
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await startServerProcess(world.configFile, world.baseUrl, world.environment)
      await expectAllSpent(world.baseUrl, all.spent.splice(0))
      const { idToken } = await signInFor(world.baseUrl, 'alice')
      const load = loadUntilDead(world.baseUrl, { idToken, issuer: world.issuer, workers: WORKERS })
      // Both legs must have begun, which takes a while on a busy machine.
      for (const kind of ['id-jag', 'access-token'] as const)
        await expect.poll(() => load.count(kind), { timeout: 60_000, interval: 10 }).toBeGreaterThan(1)
      await new Promise((resolve) => setTimeout(resolve, randomInt(0, 400)))
      await server.kill()
      const { received, spent } = await load.end()
      all.received.push(...received)
      all.spent.push(...spent)
    }
    expect(all.received.filter(({ kind }) => kind === 'id-jag').length).toBeGreaterThan(KILLS)
    expect(all.received.filter(({ kind }) => kind === 'access-token').length).toBeGreaterThan(KILLS)
    await expectAllRecorded(database, all)
    rmSync(world.directory, { recursive: true, force: true })
  },
)
