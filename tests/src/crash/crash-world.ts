// The world of the crash tests: a company whose vendor also trusts an issuer of the test, so that ID-JAGs are cheap to sign.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { digest } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'
import { exportJWK, generateKeyPair } from 'jose'
import { expect } from 'vitest'

import { company } from '../support/company.ts'
import { redeem } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import type { Harvest, TestIssuer } from './load.ts'

export async function prepareWorld(database: string) {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-crash-'))
  const baseUrl = `http://127.0.0.1:${await findFreePort()}`
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

/** Expects that every ID-JAG redeemed before the crash is denied after it. */
export async function expectAllSpent(baseUrl: string, spent: readonly string[]): Promise<void> {
  const answers = await Promise.all(spent.map((idJag) => redeem(baseUrl, idJag)))
  expect(answers.filter(({ body }) => body.error !== 'invalid_grant')).toEqual([])
}

export async function expectAllRecorded(database: string, { received }: Harvest): Promise<void> {
  const storage = await openStorage(database)
  for (const { kind, decisionId, jti } of received) {
    const [recorded] = await storage.events.findByDecision(decisionId)
    expect(recorded?.event).toMatchObject({
      type: kind === 'id-jag' ? 'idjag.issued' : 'token.redeemed',
      token: { jti_hash: digest(jti) },
    })
  }
  for (const { chain } of await storage.events.heads())
    expect(await storage.events.verify(chain), chain).toMatchObject({ ok: true })
  await storage.close()
}
