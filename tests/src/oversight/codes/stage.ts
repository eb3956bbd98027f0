// Where the code tests play: two servers with a clock that can be moved, users signed in, and keys of foreigners.
import { openStorage } from '@crosswalk/storage'

import { adminOf, type Admin } from '../../admin/admin.ts'
import {
  idJagClaims,
  idJagHeader,
  makeKey,
  signJwt,
  type TestKey,
} from '../../protocol/support/foreign-issuer.ts'
import { makeDpopKey } from '../../protocol/support/proofs.ts'
import { TODO } from '../../support/company.ts'
import { exchange, signInFor, type Tokens } from '../../support/flow.ts'
import { createSamlKey, type SamlKey } from '../../support/saml.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'
import { BRISK, defineCodes, defineStrict, OTHER } from './definitions.ts'

/** More than the cases before the limit need, few enough to reach it. */
export const REQUESTS_PER_MINUTE = 20

type Claims = Readonly<Record<string, unknown>>

export interface Stage {
  readonly server: TestServer
  readonly baseUrl: string
  readonly admin: Admin
  /** The server with nonces, actors and a limit */
  readonly strict: { readonly server: TestServer; readonly baseUrl: string; readonly alice: Tokens }
  readonly alice: Tokens
  readonly bob: Tokens
  readonly carol: Tokens
  /** Alice at another app */
  readonly other: Tokens
  /** Of alice, one hour old by now */
  readonly old: Tokens
  /** Of alice at an app that may not exchange what is this old */
  readonly aged: Tokens
  /** Of alice, from a clock one hour ahead */
  readonly early: Tokens
  readonly keys: {
    readonly foreign: TestKey
    readonly keyed: TestKey
    readonly wide: TestKey
    readonly saml: SamlKey
  }
  readonly dpop: Awaited<ReturnType<typeof makeDpopKey>>
  /** A good ID-JAG of the IdP for alice at Todo0 */
  idJag(): Promise<string>
  /** An ID-JAG of a foreign issuer, changed as told */
  forge(
    issuer: string,
    change?: Claims,
    more?: { readonly key?: TestKey; readonly header?: Claims },
  ): Promise<string>
  disableAccount(issuer: string, subject: string): Promise<void>
  stop(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const [foreign, keyed, wide] = await Promise.all([
    makeKey('foreign'),
    makeKey('k'),
    makeKey('foreign', 'ES384'),
  ])
  const keys = { foreign, keyed, wide, saml: await createSamlKey() }
  let offsetMs = 0
  const clock = { nowMs: () => Date.now() + offsetMs }
  const server = await startTestServer({ file: defineCodes(keys), clock })
  const strict = await startTestServer({ file: defineStrict(keyed, REQUESTS_PER_MINUTE) })
  const { baseUrl } = server
  const at = async (seconds: number, app?: typeof BRISK) => {
    offsetMs = seconds * 1000
    const tokens = await signInFor(baseUrl, 'alice', app)
    offsetMs = 0
    return tokens
  }
  const [old, aged, early] = [await at(-3600), await at(-120, BRISK), await at(3600)]
  const alice = await signInFor(baseUrl, 'alice')
  return {
    server,
    baseUrl,
    admin: adminOf(baseUrl),
    strict: { server: strict, baseUrl: strict.baseUrl, alice: await signInFor(strict.baseUrl, 'alice') },
    alice,
    bob: await signInFor(baseUrl, 'bob'),
    carol: await signInFor(baseUrl, 'carol'),
    other: await signInFor(baseUrl, 'alice', OTHER),
    old,
    aged,
    early,
    keys,
    dpop: await makeDpopKey(),
    idJag: async () => {
      const { body } = await exchange(baseUrl, alice.idToken, { resource: TODO })
      return String(body.access_token)
    },
    forge: (issuer, change = {}, { key = foreign, header = {} } = {}) =>
      signJwt(key, idJagClaims({ baseUrl, clock }, issuer, change), { ...idJagHeader, ...header }),
    async disableAccount(issuer, subject) {
      const storage = await openStorage(server.database)
      try {
        const account = await storage.accounts.findByIssuerSubject('vendor', issuer, undefined, subject)
        const path = `/authorization-servers/vendor/accounts/${account?.id}/disable`
        await adminOf(baseUrl)('POST', path, { body: { reason: 'a test' } })
      } finally {
        await storage.close()
      }
    },
    async stop() {
      await Promise.all([server.stop(), strict.stop()])
    },
  }
}
