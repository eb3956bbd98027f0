// A month of decisions of this company: facts of requests, evaluated by the evaluators of the token endpoints, and
// recorded by their recorder. Realistically skewed: one connection and one user have a large share.
import { createDecisionRecorder, createRecentRefusals, digest, type Ledger } from '@crosswalk/as-core'
import {
  assumeExchange,
  compileExchangeSnapshot,
  evaluateExchange,
  evaluateRedemption,
  type ExchangeSnapshot,
} from '@crosswalk/policy'
import { zUser } from '@crosswalk/protocol'

import {
  makeFacts,
  makeSnapshot,
  NOW_SECONDS as REDEMPTION_SECONDS,
} from '../../../packages/policy/src/testing/redemption-world.ts'
import { type Company, scopesOf, TEAMS, USERS } from './company.ts'

const PERIOD_MS = 30 * 24 * 3600 * 1000

/** One in this many decisions is over the busiest connection. */
const BUSIEST_CONNECTION = 5
/** One in this many decisions is for the busiest user. */
const BUSIEST_USER = 20
/** One in this many decisions is for any user of the company, not of the team. */
const ANY_USER = 12
/** One in this many decisions is a redemption at the Resource AS. */
const REDEMPTIONS = 6

/** @returns a function that makes and records decision `place` of `count`, spread over the period */
export function createDecider(company: Company, ledger: Ledger, count: number) {
  const snapshot = compileExchangeSnapshot(
    1,
    { issuer: 'https://idp.bench.example', idJagTtlSeconds: 300, clockSkewSeconds: 30, acrValues: ['mfa'] },
    {
      apps: company.apps,
      resourceApps: company['resource-apps'],
      connections: company.connections,
      policies: company.policies,
    },
  )
  const people = company.users.map(({ hasPassword: _hasPassword, ...user }) => zUser.parse(user))
  const ring = createRecentRefusals()
  const onFault = (fault: unknown) => {
    throw fault
  }
  const recorders = {
    exchange: createDecisionRecorder({ ledger, recentRefusals: ring, log: 'idp', onFault }),
    redemption: createDecisionRecorder({ ledger, recentRefusals: ring, log: 'as:todo0', onFault }),
  }
  const startMs = Date.now() - PERIOD_MS
  return async (place: number): Promise<void> => {
    const at = { place, nowMs: startMs + Math.floor((place * PERIOD_MS) / count) }
    await (place % REDEMPTIONS === 1
      ? decideRedemption(at, recorders.redemption)
      : decideExchange(at, { company, snapshot, people, recorder: recorders.exchange }))
  }
}

type Recorder = ReturnType<typeof createDecisionRecorder>

interface Moment {
  readonly place: number
  readonly nowMs: number
}

interface ExchangeWorld {
  readonly company: Company
  readonly snapshot: ExchangeSnapshot
  readonly people: readonly ReturnType<typeof zUser.parse>[]
  readonly recorder: Recorder
}

async function decideExchange(
  { place, nowMs }: Moment,
  { company, snapshot, people, recorder }: ExchangeWorld,
): Promise<void> {
  const index = place % BUSIEST_CONNECTION === 0 ? 0 : spread(place, 7_919, company.connections.length)
  const connection = company.connections[index]
  const user = people[pickUser(place, index)]
  if (connection === undefined || user === undefined)
    throw new Error('the company has no users or connections')
  const facts = assumeExchange(
    {
      decisionId: idOf('dec', place),
      traceId: idOf('trc', place),
      nowMs,
      mode: 'enforced',
      app: connection.app,
      userId: user.id,
      user: { ...user, namesakes: [] },
      audience: `https://${connection.resourceApp}.example`,
      resource: connection.resources,
      scope: scopesOf(connection.resourceApp)
        .slice(0, 1 + (place % 3))
        .join(' '),
      authTime: Math.floor(nowMs / 1000) - 600,
      acr: place % 3 === 0 ? 'pwd' : 'mfa',
      ip: `10.${place % 250}.3.4`,
      dpopThumbprint: place % 2 === 0 ? 'bench' : undefined,
    },
    snapshot,
  )
  const record = { ...evaluateExchange(facts, snapshot), timing_ms: { total: 1 } }
  if (record.outcome === 'allow') await grant(recorder, record, 'idjag.issued')
  else
    await recorder.refuse(record, {
      type: record.outcome === 'step_up' ? 'idjag.stepup' : 'idjag.denied',
      authenticated: true,
    })
}

const redemptionSnapshot = makeSnapshot()

async function decideRedemption({ place, nowMs }: Moment, recorder: Recorder): Promise<void> {
  const sub = `usr-${spread(place, 104_729, USERS)}`
  const facts = makeFacts(
    { sub, jti: `jti-${place}` },
    // Claims are relative to the fixed time of the test facts.
    {
      decisionId: idOf('dec', place),
      traceId: idOf('trc', place),
      nowMs: REDEMPTION_SECONDS * 1000,
      replayed: place % 50 === 1,
    },
  )
  const judged = evaluateRedemption(facts, redemptionSnapshot)
  const record = { ...judged, time: new Date(nowMs).toISOString(), timing_ms: { total: 1 } }
  if (record.outcome === 'allow') await grant(recorder, record, 'token.redeemed')
  else await recorder.refuse(record, { type: 'token.refused', authenticated: true })
}

async function grant(
  recorder: Recorder,
  record: ReturnType<typeof evaluateExchange>,
  type: string,
): Promise<void> {
  const jti = `jti-${record.decision_id}`
  const issued = { jti, lifetimeSeconds: record.granted?.lifetime_seconds ?? 0 }
  await recorder.grant(record, { type, issued, grantId: digest(jti), replayKeys: [] })
}

function pickUser(place: number, connection: number): number {
  if (place % BUSIEST_USER === 0) return 1
  if (place % ANY_USER === 0) return spread(place, 104_729, USERS)
  const turn = spread(place, 31, USERS / TEAMS)
  return (connection % TEAMS) + TEAMS * turn
}

/** Neighbours get distant values. */
function spread(place: number, step: number, below: number): number {
  return (place * step) % below
}

/** Looks random like real ids, but is deterministic. */
function idOf<P extends string>(prefix: P, place: number): `${P}_${string}` {
  return `${prefix}_${digest(`${prefix}${place}`).slice(0, 26)}`
}
