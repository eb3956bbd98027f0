// What a client may request for one user: client and subject token are checked as in an exchange, then every allowed
// path is listed. Everything else stays hidden, including its existence.
import { DECISION_CODES, type Wire, type XaaCode } from '@crosswalk/protocol'

import { ASSUMED_KEY } from '../assumed-key.ts'
import { createChecklist } from '../checklist.ts'
import { checkClient } from '../exchange/request-checks.ts'
import { checkSubject } from '../exchange/subject-checks.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import { renderWire } from '../record.ts'
import { type Reach, type ReachSignIn, stepReach } from './find-reach.ts'

export interface Reachable extends Reach {
  /** Whether a request without a DPoP proof would get less */
  readonly needsDpop: boolean
}

export type ReachableAnswer =
  | { readonly state: 'refused'; readonly code: XaaCode; readonly wire: Wire }
  | {
      readonly state: 'listed'
      readonly userId: string
      readonly items: readonly Reachable[]
      /** false: there is more than one answer lists */
      readonly complete: boolean
    }

const PAGING = { limit: 500, mostJudged: 1000 }

/**
 * In steps, so that other work can run in between.
 *
 * @param facts - of a request with client authentication and subject token; the rest is ignored
 * @returns the refusal of client or token, or the allowed paths; none for a removed or inactive user
 */
export function* stepReachable(
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): Generator<void, ReachableAnswer> {
  const list = createChecklist()
  const isAuthenticated = checkClient(list, facts, snapshot)
  const signIn =
    isAuthenticated && list.failure() === undefined ? checkSubject(list, facts, snapshot) : undefined
  const code = list.failure()?.code ?? (signIn === undefined ? 'XAA1003' : undefined)
  if (code !== undefined || signIn === undefined) return refuse(code ?? 'XAA1003', facts.retryAfterSeconds)
  const { client, user, dpop, volumeLastHour } = facts
  const users = new Map(user === undefined ? [] : [[user.id, user]])
  const about: ReachSignIn = {
    authTime: signIn.authTime,
    acr: signIn.acr,
    ip: facts.ip,
    describedApp: facts.describedApp,
    client,
  }
  // There is only one app and one user, so one count.
  const volumeOf = volumeLastHour === undefined ? undefined : () => volumeLastHour
  const find = (dpopThumbprint: string | undefined) =>
    stepReach(
      { app: client.clientId, user: signIn.userId },
      { snapshot, users, nowMs: facts.nowMs, volumeOf },
      PAGING,
      { ...about, dpopThumbprint },
    )
  const page = yield* find(dpop.state === 'proved' ? dpop.jkt : ASSUMED_KEY)
  const { items } = yield* find(undefined)
  const plain = new Map(items.map((item) => [nameWay(item), item]))
  return {
    state: 'listed',
    userId: signIn.userId,
    items: page.items.map((item) => ({ ...item, needsDpop: isLess(plain.get(nameWay(item)), item) })),
    complete: page.next === undefined,
  }
}

function refuse(code: XaaCode, retryAfterSeconds: number | undefined): ReachableAnswer {
  return { state: 'refused', code, wire: renderWire(DECISION_CODES[code], undefined, retryAfterSeconds) }
}

function nameWay({ connection, resource }: Reach): string {
  return JSON.stringify([connection, resource])
}

function isLess(plain: Reach | undefined, item: Reach): boolean {
  return (
    JSON.stringify([plain?.scopes, plain?.afterStepUp]) !== JSON.stringify([item.scopes, item.afterStepUp])
  )
}
