// History for tests: real sign-ins, exchanges and redemptions over HTTP.
import { NOTES, TODO } from '../../support/company.ts'
import { exchange, redeem, signInFor } from '../../support/flow.ts'

export interface MadeHistory {
  /** Decision ids by topic */
  readonly allowed: string
  readonly narrowed: string
  readonly denied: string
  readonly replayed: string
}

/** One exchange allowed and redeemed, one narrowed, one denied for bob, one ID-JAG sent twice. */
export async function makeHistory(baseUrl: string): Promise<MadeHistory> {
  const alice = await signInFor(baseUrl, 'alice')
  const bob = await signInFor(baseUrl, 'bob')
  const allowed = await exchange(baseUrl, alice.idToken, { resource: TODO, scope: 'todos.read' })
  const narrowed = await exchange(baseUrl, alice.idToken, {
    resource: NOTES,
    scope: 'notes.read notes.write',
  })
  const idJag = String(allowed.body['access_token'])
  await redeem(baseUrl, idJag)
  const replayed = await redeem(baseUrl, idJag)
  const denied = await exchange(baseUrl, bob.idToken, { resource: TODO, scope: 'todos.read' })
  return {
    allowed: idOf(allowed.headers),
    narrowed: idOf(narrowed.headers),
    denied: idOf(denied.headers),
    replayed: idOf(replayed.headers),
  }
}

function idOf(headers: Headers): string {
  return headers.get('crosswalk-decision') ?? ''
}

const DAY_MS = 24 * 60 * 60 * 1000

/** A clock that can be set back, for decisions in the past. */
export interface SetBackClock {
  nowMs(): number
  daysBack: number
}

export function createSetBackClock(): SetBackClock {
  return {
    daysBack: 0,
    nowMs() {
      return Date.now() - this.daysBack * DAY_MS
    },
  }
}

/** Decisions on each of the last 30 days: increasing, few at weekends, some denied. */
export async function makeMonth(baseUrl: string, clock: SetBackClock): Promise<void> {
  for (clock.daysBack = 30; clock.daysBack > 0; clock.daysBack -= 1) {
    const alice = await signInFor(baseUrl, 'alice')
    const bob = await signInFor(baseUrl, 'bob')
    const weekend = [0, 6].includes(new Date(clock.nowMs()).getUTCDay())
    const allowed = weekend ? 2 : 12 - Math.floor(clock.daysBack / 4) + (clock.daysBack % 3)
    const denied = weekend ? 0 : 1 + (clock.daysBack % 4)
    const ask = (idToken: string) => exchange(baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
    for (let made = 0; made < allowed; made += 1) await ask(alice.idToken)
    for (let made = 0; made < denied; made += 1) await ask(bob.idToken)
  }
}
