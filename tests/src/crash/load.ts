// Load on both legs until the server dies; keeps what was received, since that is what must have been recorded.
import { DECISION_HEADER } from '@crosswalk/protocol'
import { decodeJwt, type CryptoKey, SignJWT } from 'jose'

import { AGENT_AT_VENDOR, TODO } from '../support/company.ts'
import { exchange, redeem } from '../support/flow.ts'

export interface Received {
  readonly kind: 'id-jag' | 'access-token'
  readonly decisionId: string
  readonly jti: string
}

export interface Harvest {
  readonly received: Received[]
  /** ID-JAGs that were answered with an access token: none may be accepted again */
  readonly spent: string[]
}

export interface TestIssuer {
  readonly issuer: string
  readonly privateKey: CryptoKey
}

export function mintIdJag({ issuer, privateKey }: TestIssuer, audience: string): Promise<string> {
  return new SignJWT({ client_id: AGENT_AT_VENDOR.id, resource: TODO, scope: 'todos.read' })
    .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'oauth-id-jag+jwt' })
    .setIssuer(issuer)
    .setSubject('somebody')
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('290s')
    .sign(privateKey)
}

/** Runs `workers` closed loops on each leg; resolves when all have met a dead server. */
export async function loadUntilDead(
  baseUrl: string,
  { idToken, issuer, workers }: { idToken: string; issuer: TestIssuer; workers: number },
): Promise<Harvest> {
  const harvest: Harvest = { received: [], spent: [] }
  const exchanging = async () => {
    const { status, headers, body } = await exchange(baseUrl, idToken, { resource: TODO })
    if (status === 200) keep(harvest, 'id-jag', headers, String(body.access_token))
  }
  const redeeming = async () => {
    const idJag = await mintIdJag(issuer, `${baseUrl}/as/vendor`)
    const { status, headers, body } = await redeem(baseUrl, idJag)
    if (status !== 200) return
    keep(harvest, 'access-token', headers, String(body.access_token))
    harvest.spent.push(idJag)
  }
  await Promise.all(
    [exchanging, redeeming].flatMap((leg) => Array.from({ length: workers }, () => repeatUntilDead(leg))),
  )
  return harvest
}

function keep({ received }: Harvest, kind: Received['kind'], headers: Headers, token: string): void {
  received.push({ kind, decisionId: headers.get(DECISION_HEADER) ?? '', jti: String(decodeJwt(token).jti) })
}

async function repeatUntilDead(leg: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await leg()
    } catch {
      return
    }
  }
}
