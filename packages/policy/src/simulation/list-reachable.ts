// What a client may ask for, for one user: judged by client and subject token as an exchange is, then every way that
// is open between the two. Of what is not open nothing is told, not even that it is there.
import { DECISION_CODES, type Wire, type XaaCode } from '@crosswalk/protocol'

import { createChecklist } from '../checklist.ts'
import { checkClient } from '../exchange/request-checks.ts'
import { checkSubject } from '../exchange/subject-checks.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import { renderWire } from '../record.ts'
import { findReach, type Reach, type ReachSignIn } from './find-reach.ts'

export interface Reachable extends Reach {
  /** Whether a request without DPoP proof would get less */
  readonly needsDpop: boolean
}

export type ReachableAnswer =
  | { readonly state: 'refused'; readonly code: XaaCode; readonly wire: Wire }
  | {
      readonly state: 'listed'
      readonly userId: string
      readonly items: readonly Reachable[]
      /** false: there is more than is listed at once */
      readonly complete: boolean
    }

const PAGING = { limit: 500, mostJudged: 1000 }

/** Stands for the thumbprint of a key that the client may have. */
const ASSUMED_KEY = 'assumed'

/**
 * @param facts - of a request with client authentication and subject token; nothing else of it counts
 * @returns the refusal of client or token, or what is open; a user who is gone or inactive has nothing open
 */
export function listReachable(facts: ExchangeFacts, snapshot: ExchangeSnapshot): ReachableAnswer {
  const list = createChecklist()
  const isAuthenticated = checkClient(list, facts, snapshot)
  const signIn =
    isAuthenticated && list.failure() === undefined ? checkSubject(list, facts, snapshot) : undefined
  const code = list.failure()?.code ?? (signIn === undefined ? 'XAA1003' : undefined)
  if (code !== undefined || signIn === undefined) return refuse(code ?? 'XAA1003', facts.retryAfterSeconds)
  const { client, user, dpop, volumeLastHour } = facts
  const people = new Map(user === undefined ? [] : [[user.id, user]])
  const about: ReachSignIn = {
    authTime: signIn.authTime,
    acr: signIn.acr,
    ip: facts.ip,
    describedApp: facts.describedApp,
    client,
  }
  // One app and one user, so one count.
  const volumeOf = volumeLastHour === undefined ? undefined : () => volumeLastHour
  const find = (dpopThumbprint: string | undefined) =>
    findReach(
      { app: client.clientId, user: signIn.userId },
      { snapshot, people, nowMs: facts.nowMs, volumeOf },
      PAGING,
      { ...about, dpopThumbprint },
    )
  const page = find(dpop.state === 'proved' ? dpop.jkt : ASSUMED_KEY)
  const plain = new Map(find(undefined).items.map((item) => [nameWay(item), item]))
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
