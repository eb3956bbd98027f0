// Load on both legs until the server dies. Keeps every token received, since each must have been recorded.
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
  /** Redeemed ID-JAGs, none of which may be accepted again */
  readonly spent: string[]
}

export interface TestIssuer {
  readonly issuer: string
  readonly privateKey: CryptoKey
}

function mintIdJag({ issuer, privateKey }: TestIssuer, audience: string): Promise<string> {
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

export interface LoadOptions {
  readonly idToken: string
  readonly issuer: TestIssuer
  readonly workers: number
}

/** Runs `workers` closed loops on each leg, until each of them finds the server dead. */
export function loadUntilDead(baseUrl: string, options: LoadOptions) {
  const harvest: Harvest = { received: [], spent: [] }
  const running = runWorkers(buildLegs(baseUrl, options, harvest), options.workers, async (leg) => {
    for (;;) await leg()
  })
  return {
    /** Grants of a kind so far */
    count: (kind: Received['kind']) => harvest.received.filter((one) => one.kind === kind).length,
    /** Resolves when all loops have ended. */
    end: async () => {
      await running
      return harvest
    },
  }
}

export interface Load {
  /** Grants so far */
  countReceived(): number
  /** Resolves when every worker has received its last response. */
  stop(): Promise<Harvest>
}

/** The same, but continues through failures until it is stopped. */
export function keepLoading(baseUrl: string, options: LoadOptions): Load {
  const harvest: Harvest = { received: [], spent: [] }
  let stopped = false
  const running = runWorkers(buildLegs(baseUrl, options, harvest), options.workers, async (leg) => {
    while (!stopped) await leg().catch(() => new Promise((resolve) => setTimeout(resolve, 10)))
  })
  return {
    countReceived: () => harvest.received.length,
    async stop() {
      stopped = true
      await running
      return harvest
    },
  }
}

type Leg = () => Promise<void>

function buildLegs(baseUrl: string, { idToken, issuer }: LoadOptions, harvest: Harvest): readonly Leg[] {
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
  return [exchanging, redeeming]
}

/** A worker ends when `run` rejects. */
async function runWorkers(
  legs: readonly Leg[],
  workers: number,
  run: (leg: Leg) => Promise<void>,
): Promise<void> {
  const start = (leg: Leg) => Array.from({ length: workers }, () => run(leg).catch(() => undefined))
  await Promise.all(legs.flatMap(start))
}

function keep({ received }: Harvest, kind: Received['kind'], headers: Headers, token: string): void {
  received.push({ kind, decisionId: headers.get(DECISION_HEADER) ?? '', jti: String(decodeJwt(token).jti) })
}
