// Kill -9 under load: what a client received was recorded before, and nothing is spent twice.
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { digest } from '@crosswalk/authorization-server'
import { openStorage } from '@crosswalk/storage'
import { exportJWK, generateKeyPair } from 'jose'
import { expect } from 'vitest'

import { itOnDatabases } from '../../../tools/test-databases.ts'
import { company } from '../support/company.ts'
import { redeem, signInFor } from '../support/flow.ts'
import { type Harvest, loadUntilDead, type TestIssuer } from './load.ts'
import { freePort, startServerProcess } from '../support/server-process.ts'

const KILLS = 20
const WORKERS = 8

itOnDatabases(
  'loses no recorded grant and spends nothing twice in 20 crashes under load, on $name (RAS-19, IDP-38)',
  async ({ create }) => {
    const database = await create()
    const world = await prepareWorld(database)
    const all: Harvest = { received: [], spent: [] }
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await startServerProcess(world.configFile, world.baseUrl, world.environment)
      await expectAllSpent(world.baseUrl, all.spent.splice(0))
      const { idToken } = await signInFor(world.baseUrl, 'alice')
      const harvest = loadUntilDead(world.baseUrl, { idToken, issuer: world.issuer, workers: WORKERS })
      await new Promise((resolve) => setTimeout(resolve, randomInt(30, 400)))
      await server.kill()
      const { received, spent } = await harvest
      all.received.push(...received)
      all.spent.push(...spent)
    }
    expect(all.received.filter(({ kind }) => kind === 'id-jag').length).toBeGreaterThan(KILLS)
    expect(all.received.filter(({ kind }) => kind === 'access-token').length).toBeGreaterThan(KILLS)
    await expectAllRecorded(database, all)
    rmSync(world.directory, { recursive: true, force: true })
  },
  { timeout: 300_000 },
)

async function prepareWorld(database: string) {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-crash-'))
  const baseUrl = `http://127.0.0.1:${await freePort()}`
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const issuer: TestIssuer = { issuer: 'https://issuer.test', privateKey }
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', use: 'sig', alg: 'ES256' }
  const file = {
    baseUrl,
    listen: { host: '127.0.0.1', port: Number(new URL(baseUrl).port) },
    database,
    ...company(baseUrl, {
      authorizationServer: {
        trustedIssuers: [{ issuer: issuer.issuer, jwks: { keys: [jwk] }, provisioning: 'jit' }],
      },
    }),
  }
  const configFile = join(directory, 'crosswalk.json')
  writeFileSync(configFile, JSON.stringify(file))
  return {
    directory,
    baseUrl,
    configFile,
    issuer,
    environment: { CROSSWALK_KEY: randomBytes(32).toString('hex') },
  }
}

/** Every ID-JAG that was answered before the crash is refused after it. */
async function expectAllSpent(baseUrl: string, spent: readonly string[]): Promise<void> {
  const answers = await Promise.all(spent.map((idJag) => redeem(baseUrl, idJag)))
  expect(answers.filter(({ body }) => body.error !== 'invalid_grant')).toEqual([])
}

async function expectAllRecorded(database: string, { received }: Harvest): Promise<void> {
  const storage = await openStorage(database)
  for (const { kind, decisionId, jti } of received) {
    const [recorded] = await storage.events.findByDecision(decisionId)
    expect(recorded?.event).toMatchObject({
      type: kind === 'id-jag' ? 'idjag.issued' : 'token.redeemed',
      token: { jti_hash: digest(jti) },
    })
  }
  for (const log of ['idp', 'as:vendor']) expect(await storage.events.verify(log)).toMatchObject({ ok: true })
  await storage.close()
}
