// A client under continuous load: requests an ID-JAG, redeems it twice at the same time, and records every response.
import { setTimeout as wait } from 'node:timers/promises'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { AGENT, AGENT_AT_VENDOR, TODO } from '../../tests/src/support/company.ts'
import { basic } from '../../tests/src/support/flow.ts'
import type { Acknowledged, AnswerKind, Attempt, Leg } from './invariants.ts'
import { type Answer, requestToken } from './request-token.ts'

const WORKERS = 4
/** Leaves CPU time for everything else on the machine. */
const PAUSE_MS = 20

export interface Load {
  readonly attempts: readonly Attempt[]
  readonly acknowledged: readonly Acknowledged[]
  /** ID-JAGs for which the client received an access token */
  readonly spent: readonly string[]
  /** Redeems an ID-JAG again at `baseUrl`. */
  redeem(baseUrl: string, idJag: string): Promise<AnswerKind>
  /** Redeems at these addresses from now on. */
  redeemAt(baseUrls: readonly [string, string]): void
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly baseUrl: string
  readonly idToken: string
  readonly redeemAt: readonly [string, string]
}

export function startLoad({ baseUrl, idToken, redeemAt }: LoadOptions): Load {
  const attempts: Attempt[] = []
  const acknowledged: Acknowledged[] = []
  const spent: string[] = []
  const audience = `${baseUrl}/as/vendor`
  let [first, second] = redeemAt
  let stopped = false

  async function ask(
    leg: Leg,
    url: string,
    headers: Record<string, string>,
    form: Record<string, string>,
  ): Promise<Answer> {
    const sentAt = performance.now()
    const answer = await requestToken(url, headers, form)
    const idJag = form['assertion'] === undefined ? {} : { idJag: jtiOf(form['assertion']) }
    attempts.push({
      leg,
      sentAt,
      answeredAt: performance.now(),
      kind: answer.kind,
      text: answer.text,
      ...idJag,
    })
    if (answer.kind === 'granted') {
      const jti = jtiOf(answer.token)
      acknowledged.push({ leg, decisionId: answer.decisionId, jti, idJag: idJag.idJag ?? jti })
    }
    return answer
  }

  const exchange = () =>
    ask(
      'exchange',
      `${baseUrl}/token`,
      { authorization: basic(AGENT) },
      {
        grant_type: GRANT_TYPE.tokenExchange,
        requested_token_type: TOKEN_TYPE.idJag,
        subject_token: idToken,
        subject_token_type: TOKEN_TYPE.idToken,
        audience,
        resource: TODO,
      },
    )

  async function redeem(at: string, idJag: string): Promise<AnswerKind> {
    const form = { grant_type: GRANT_TYPE.jwtBearer, assertion: idJag }
    const { kind } = await ask(
      'redemption',
      `${at}/as/vendor/token`,
      { authorization: basic(AGENT_AT_VENDOR) },
      form,
    )
    if (kind === 'granted') spent.push(idJag)
    return kind
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const { kind, token } = await exchange()
      if (kind === 'granted') await Promise.all([redeem(first, token), redeem(second, token)])
      await wait(PAUSE_MS)
    }
  }

  const working = Array.from({ length: WORKERS }, work)
  return {
    attempts,
    acknowledged,
    spent,
    redeem,
    redeemAt(baseUrls) {
      ;[first, second] = baseUrls
    },
    async stop() {
      stopped = true
      await Promise.all(working)
    },
  }
}

function jtiOf(token: string): string {
  const [, payload = ''] = token.split('.')
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly jti: string }).jti
}
