// Legs that no app performs: someone with Agent0's credentials redeems the same ID-JAG twice, and uses an access
// token after it was revoked.
import { setTimeout as sleep } from 'node:timers/promises'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import * as oidc from 'openid-client'

import { createBrowser } from './browser.ts'
import { expectThat, type Report } from './report.ts'
import type { StageParts } from './visitor.ts'

const REVOKED_WITHIN_MS = 2000
const POLL_MS = 100

export async function playByHand({
  world,
  decisions,
  report,
}: StageParts & { readonly report: Report }): Promise<void> {
  let hand: Hand | undefined
  await report.leg("alice signs in with Agent0's credentials, but without Agent0", async () => {
    hand = await createHand({ world, decisions })
    return 'got an ID token'
  })
  if (hand !== undefined) await playWith(hand, report)
}

async function playWith(hand: Hand, report: Report): Promise<void> {
  let idJag = ''
  let accessToken = ''
  await report.leg('an ID-JAG is redeemed', async () => {
    idJag = await hand.exchange()
    const { token, line } = await hand.redeem(idJag)
    expectThat(token !== undefined, `not redeemed: ${line}`)
    accessToken = token
    return line
  })
  await report.leg('the same ID-JAG is refused the second time', async () => {
    const { token, line } = await hand.redeem(idJag)
    expectThat(token === undefined && line.includes('invalid_grant'), `expected invalid_grant, got ${line}`)
    expectThat(line.includes('XAA2209'), `expected XAA2209, got ${line}`)
    return line
  })
  await report.leg('Todo0 accepts the access token, but not after it is revoked', async () => {
    const before = await hand.call(accessToken)
    expectThat(before === 200, `Todo0 responded with ${before} before`)
    await hand.revoke(accessToken)
    const startedMs = Date.now()
    let after = await hand.call(accessToken)
    while (after === 200 && Date.now() - startedMs < REVOKED_WITHIN_MS) {
      await sleep(POLL_MS)
      after = await hand.call(accessToken)
    }
    expectThat(after === 401, `Todo0 still responds with ${after}`)
    return `${before} before, ${after} after`
  })
}

interface Redemption {
  readonly token: string | undefined
  readonly line: string
}

type Hand = Awaited<ReturnType<typeof createHand>>

async function createHand({ world, decisions }: StageParts) {
  const { addresses, secrets } = world
  const execute = [oidc.allowInsecureRequests]
  const connect = (issuer: string, id: string, secret: string, algorithm: 'oidc' | 'oauth2') =>
    oidc.discovery(new URL(issuer), id, undefined, oidc.ClientSecretBasic(secret), { execute, algorithm })
  const idp = await connect(addresses.idp, 'agent0', secrets.clients.AGENT0_SECRET, 'oidc')
  const vendorSecret = secrets.clients.AGENT0_AT_TODO0_SECRET
  const vendor = await connect(addresses.vendorIssuer, 'agent0-at-todo0', vendorSecret, 'oauth2')
  const idToken = await signInAlice(idp, world.addresses.agent0, secrets.passwords.alice)
  return {
    exchange: async () => {
      const { access_token } = await oidc.genericGrantRequest(idp, GRANT_TYPE.tokenExchange, {
        requested_token_type: TOKEN_TYPE.idJag,
        audience: addresses.vendorIssuer,
        resource: `${addresses.todo0}/mcp`,
        scope: 'todos.read',
        subject_token: idToken,
        subject_token_type: TOKEN_TYPE.idToken,
      })
      return access_token
    },
    redeem: async (assertion: string): Promise<Redemption> => {
      const host = new URL(addresses.vendor).host
      try {
        const answer = await oidc.genericGrantRequest(vendor, GRANT_TYPE.jwtBearer, { assertion })
        return { token: answer.access_token, line: `redemption  200  POST ${host}  scope ${answer.scope}` }
      } catch (error) {
        if (!(error instanceof oidc.ResponseBodyError)) throw error
        const id = error.response.headers.get('crosswalk-decision') ?? ''
        const code = await decisions.findCode(id)
        return {
          token: undefined,
          line: `redemption  ${error.status}  POST ${host}  ${error.error}  ${code}  ${id}`,
        }
      }
    },
    revoke: (token: string) => oidc.tokenRevocation(vendor, token),
    call: async (token: string) => {
      const response = await fetch(`${addresses.todo0}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify(INITIALIZE),
      })
      await response.body?.cancel()
      return response.status
    },
  }
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'by-hand', version: '0.1.0' },
  },
}

async function signInAlice(idp: oidc.Configuration, agent0: string, password: string): Promise<string> {
  const browser = createBrowser()
  const redirectUri = `${agent0}/callback`
  const codeVerifier = oidc.randomPKCECodeVerifier()
  const start = oidc.buildAuthorizationUrl(idp, {
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  })
  const page = await browser.open(start.href)
  const arrived = await browser.submitUntil(page, { username: 'alice', password }, redirectUri)
  expectThat(arrived instanceof URL, 'alice was not signed in')
  const { id_token } = await oidc.authorizationCodeGrant(idp, arrived, { pkceCodeVerifier: codeVerifier })
  expectThat(id_token !== undefined, 'no ID token was returned')
  return id_token
}
