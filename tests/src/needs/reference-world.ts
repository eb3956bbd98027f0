// The demo world for the tests of the reference sample: users with browsers, and the credentials of Todo0's page, to call its API with any scope.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { clientSecret, xaa } from '@crosswalk/client'
import {
  type Browser,
  createBrowser,
  findFreeBase,
  type Page,
  startWorld,
  type World,
} from '@crosswalk/demo-world'
import * as oidc from 'openid-client'

export interface Leg {
  readonly leg: string
  readonly url: string
  readonly status?: number
  readonly error?: string
  readonly scope?: string
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface Turn {
  readonly answer: {
    readonly kind: string
    readonly text: string
    readonly items?: readonly { readonly text: string; readonly done?: boolean }[]
    readonly decisionId?: string
  }
  readonly legs: readonly Leg[]
}

export interface ReferenceWorld {
  readonly world: World
  readonly folder: string
  /** A browser with `username` signed in at Agent0 */
  visit(username: string, password: string): Promise<Visit>
  /** An access token for Todo0's API, for alice */
  getApiToken(scope: string): Promise<string>
  stop(): Promise<void>
}

export interface Visit {
  readonly browser: Browser
  readonly page: Page
  ask(sentence: string): Promise<Turn>
}

export async function startReferenceWorld(): Promise<ReferenceWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-reference-'))
  const world = await startWorld(await findFreeBase(), folder, { environment: {} })
  return {
    world,
    folder,
    visit: (username, password) => visit(world, username, password),
    getApiToken: (scope) => getApiToken(world, scope),
    stop: async () => {
      await world.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function visit({ addresses: { agent0 } }: World, username: string, password: string): Promise<Visit> {
  const browser = createBrowser()
  const form = await browser.open(`${agent0}/signin`)
  const page = await browser.submit(form, { username, password })
  return {
    browser,
    page,
    ask: async (sentence) => {
      const { status, body } = await browser.postJson(`${agent0}/api/chat`, { sentence })
      if (status !== 200) throw new Error(`Agent0 responded with ${status}: ${JSON.stringify(body)}`)
      return body as Turn
    },
  }
}

const PAGE = 'todo0-page'

async function getApiToken({ addresses, secrets }: World, scope: string): Promise<string> {
  const { TODO0_PAGE_SECRET: secret, TODO0_PAGE_AT_TODO0_SECRET: atVendor } = secrets.clients
  const idp = await oidc.discovery(new URL(addresses.idp), PAGE, undefined, oidc.ClientSecretBasic(secret), {
    execute: [oidc.allowInsecureRequests],
  })
  const redirectUri = `${addresses.todo0}/callback`
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const start = oidc.buildAuthorizationUrl(idp, {
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const browser = createBrowser()
  const login = { username: 'alice', password: secrets.passwords.alice }
  const arrived = await browser.submitUntil(await browser.open(start.href), login, redirectUri)
  if (!(arrived instanceof URL)) throw new Error('alice was not signed in')
  const { id_token: idToken } = await oidc.authorizationCodeGrant(idp, arrived, { pkceCodeVerifier })
  const access = xaa({
    idp: addresses.idp,
    client: { id: PAGE, auth: clientSecret(secret) },
    resources: { [addresses.vendorIssuer]: { clientId: PAGE, auth: clientSecret(atVendor) } },
  })
    .as({ getSubjectToken: () => idToken })
    .at(`${addresses.todo0}/api`, { scope })
  return (await access.token()).value.reveal()
}
