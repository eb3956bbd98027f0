// Rules over what becomes of tokens: ID-JAGs that are reused, redeemed by another client, or never redeemed; requests
// after sign-out; and clocks that differ. Each single request is denied anyway; these rules report repeated ones.
import type { RefusalCount } from '@crosswalk/storage'

import { nameApp } from '../definitions/name-objects.ts'
import {
  ADMINISTRATORS,
  type RecommendationFinding,
  type RecommendationFacts,
  RESPONDERS,
  type Rule,
  sampleDecisions,
} from './recommendation.ts'
import { MAX_GRANTS } from './recent-grants.ts'
import type { WiderRedemption } from './wider-redemptions.ts'
import { toMoment } from '../http/to-moment.ts'

const REUSED = 'XAA2209'
const OF_ANOTHER = 'XAA2103'
const SIGNED_OUT = 'XAA1205'
const TOO_EARLY = ['XAA1206', 'XAA2207']
/** The codes that these rules count. */
export const COUNTED_CODES: readonly string[] = [REUSED, OF_ANOTHER, SIGNED_OUT, ...TOO_EARLY]

/** Prefix of the logs of authorization servers. */
const AS = 'as:'
const MAX_SCOPES = 10
const MIN_REUSED = 3

export const idJagReused: Rule = {
  id: 'id-jag-reused',
  formula: `At least ${MIN_REUSED} redemptions by one client, at one authorization server here, refused in the last 24 hours because the ID-JAG was already used (${REUSED}).`,
  baseline: { refusals: MIN_REUSED, hours: 24 },
  concerns: RESPONDERS,
  find: (facts) =>
    findCoded(facts, [REUSED], MIN_REUSED, ({ who, count }) => ({
      severity: 'warning',
      sentence: `${who} reused ID-JAGs, ${count} times in the last 24 hours.`,
      text: 'Check whether it repeats requests, or its ID-JAGs were stolen. Block it if it continues.',
    })),
}

export const idJagOfAnother: Rule = {
  id: 'id-jag-of-another-client',
  formula: `A redemption at an authorization server here, refused in the last 24 hours because the ID-JAG was issued for another client (${OF_ANOTHER}).`,
  baseline: { refusals: 1, hours: 24 },
  concerns: RESPONDERS,
  find: (facts) =>
    findCoded(facts, [OF_ANOTHER], 1, ({ who, count }) => ({
      severity: 'warning',
      sentence: `${who} sent ID-JAGs that were issued for another client, ${count === 1 ? 'once' : `${count} times`} in the last 24 hours.`,
      text: 'Compare the client id of the connection with the one used there; if they match, the app has ID-JAGs of another client: block it.',
    })),
}

const MIN_SIGNED_OUT = 10

export const askedAfterSignOut: Rule = {
  id: 'asked-after-sign-out',
  formula: `At least ${MIN_SIGNED_OUT} exchanges of one app denied in the last 24 hours because the user's session had ended, or the refresh token was revoked or expired (${SIGNED_OUT}).`,
  baseline: { refusals: MIN_SIGNED_OUT, hours: 24 },
  concerns: RESPONDERS,
  find: (facts) =>
    findCoded(facts, [SIGNED_OUT], MIN_SIGNED_OUT, ({ who, count }) => ({
      severity: 'info',
      sentence: `${who} kept making requests for users whose session had ended, ${count} times in the last 24 hours.`,
      text: 'Ask its owners why it does not stop when a session ends.',
    })),
}

const MIN_TOO_EARLY = 3

export const clockDrift: Rule = {
  id: 'clock-drift',
  formula: `At least ${MIN_TOO_EARLY} tokens of one app or client refused in the last 24 hours because they were not yet valid, beyond the allowed clock skew (${TOO_EARLY.join(', ')}).`,
  baseline: { refusals: MIN_TOO_EARLY, hours: 24 },
  concerns: ADMINISTRATORS,
  find: (facts) =>
    findCoded(facts, TOO_EARLY, MIN_TOO_EARLY, ({ who, count }) => ({
      severity: 'warning',
      sentence: `${count} tokens that ${who} sent in the last 24 hours were not yet valid: the issuer's clock is ahead.`,
      text: 'Compare the clock of the issuer with the clock here, and correct the wrong one.',
    })),
}

export const redeemedForMore: Rule = {
  id: 'redeemed-for-more',
  formula: `An access token issued by an authorization server here in the last 24 hours, with a scope that its ID-JAG did not have. The newest ${MAX_GRANTS.toLocaleString('en')} access tokens are compared with as many ID-JAGs issued here.`,
  baseline: { scopes: 0, hours: 24 },
  concerns: RESPONDERS,
  find({ compiled, widerRedemptions }) {
    const byClient = Map.groupBy(widerRedemptions, ({ log, client }) => `${log.slice(AS.length)}/${client}`)
    return [...byClient].map(([id, redemptions]) => reportWider(compiled, id, redemptions))
  },
}

function reportWider(
  compiled: RecommendationFacts['compiled'],
  id: string,
  redemptions: readonly WiderRedemption[],
): RecommendationFinding {
  const [{ log = '', client = '' } = {}] = redemptions
  const server = log.slice(AS.length)
  const app = findApp(compiled, server, client)
  const beyond = [...new Set(redemptions.flatMap((one) => one.beyond))].sort().slice(0, MAX_SCOPES)
  return {
    subject: { kind: 'client', id },
    ...(app === undefined ? {} : { app }),
    severity: 'critical',
    sentence: `${server} granted ${app === undefined ? client : nameApp(compiled, app)} more scopes than its ID-JAGs had: ${beyond.join(', ')}.`,
    values: { accessTokens: redemptions.length, scopes: beyond.join(' ') },
    samples: sampleDecisions(redemptions),
    action: {
      text: 'Revoke these tokens, and find out why the server issued them.',
      path: '/live-access',
    },
    since: Math.min(...redemptions.map(({ at }) => at)),
  }
}

interface FindingText {
  readonly severity: RecommendationFinding['severity']
  readonly sentence: string
  /** The recommended action */
  readonly text: string
}

function findCoded(
  { compiled, habits }: RecommendationFacts,
  codes: readonly string[],
  least: number,
  tell: (about: { readonly who: string; readonly count: number }) => FindingText,
): readonly RecommendationFinding[] {
  return joinCodes(habits.coded.filter(({ code }) => codes.includes(code)))
    .filter(({ count }) => count >= least)
    .map(({ log, app: id, code, count, firstAt, lastAt, decisionId }) => {
      const server = log.startsWith(AS) ? log.slice(AS.length) : undefined
      const app = server === undefined ? id : findApp(compiled, server, id)
      const name = app === undefined ? id : nameApp(compiled, app)
      const { text, ...shown } = tell({ who: server === undefined ? name : `${name}, at ${server},`, count })
      return {
        ...shown,
        subject: server === undefined ? { kind: 'app', id } : { kind: 'client', id: `${server}/${id}` },
        ...(app === undefined ? {} : { app }),
        values: { refusals: count, code, lastAt: toMoment(lastAt) },
        samples: sampleDecisions([{ decisionId }]),
        action: { text, path: `/decisions?app=${encodeURIComponent(id)}&code=${code}` },
        since: firstAt,
      }
    })
}

/** Merges counts per app across codes. */
function joinCodes(counts: readonly RefusalCount[]): readonly RefusalCount[] {
  const joined = new Map<string, RefusalCount>()
  for (const one of counts) {
    const key = `${one.log} ${one.app}`
    const before = joined.get(key)
    if (before === undefined) joined.set(key, one)
    else
      joined.set(key, {
        ...(one.count > before.count ? one : before),
        count: before.count + one.count,
        firstAt: Math.min(before.firstAt, one.firstAt),
        lastAt: Math.max(before.lastAt, one.lastAt),
      })
  }
  return [...joined.values()]
}

interface Redeemer {
  readonly server: string
  readonly client: string
  readonly app: string
  readonly connections: string[]
}

/** Connections to authorization servers here, by the client that redeems their ID-JAGs. */
function listRedeemers({ world }: RecommendationFacts['compiled']): readonly Redeemer[] {
  const servers = new Map(
    [...world['authorization-servers'].values()].map(({ definition: { id, issuer } }) => [issuer, id]),
  )
  const redeemers = new Map<string, Redeemer>()
  for (const { definition } of servers.size === 0 ? [] : world.connections.values()) {
    const { id, app, resourceApp, clientId } = definition
    const server = servers.get(world['resource-apps'].get(resourceApp)?.definition.issuer ?? '')
    // Without a client id, no ID-JAG is issued.
    if (server === undefined || clientId === undefined) continue
    const key = `${server} ${clientId}`
    const redeemer = redeemers.get(key) ?? { server, client: clientId, app, connections: [] }
    redeemer.connections.push(id)
    redeemers.set(key, redeemer)
  }
  return [...redeemers.values()]
}

function findApp(
  compiled: RecommendationFacts['compiled'],
  server: string,
  client: string,
): string | undefined {
  return listRedeemers(compiled).find((one) => one.server === server && one.client === client)?.app
}

const MIN_ISSUED = 20

export const idJagNeverRedeemed: Rule = {
  id: 'id-jag-never-redeemed',
  formula: `At least ${MIN_ISSUED} ID-JAGs issued in the last 24 complete clock hours for one client of an authorization server here, of which the client redeemed none in those hours or since.`,
  baseline: { issued: MIN_ISSUED, redeemed: 1, hours: 24 },
  concerns: ADMINISTRATORS,
  find: ({ compiled, habits: { issued, redeemed } }) =>
    (issued.size === 0 ? [] : listRedeemers(compiled)).flatMap(
      ({ server, client, app, connections }): readonly RecommendationFinding[] => {
        const count = connections.reduce((sum, id) => sum + (issued.get(id) ?? 0), 0)
        if (count < MIN_ISSUED || (redeemed.get(`${AS}${server} ${client}`) ?? 0) > 0) return []
        return [
          {
            subject: { kind: 'client', id: `${server}/${client}` },
            app,
            severity: 'warning',
            sentence: `${nameApp(compiled, app)} got ${count} ID-JAGs for ${server} in 24 hours and redeemed none of them.`,
            values: { issued: count, redeemed: 0 },
            samples: connections.slice(0, 5).map((id) => ({ kind: 'connection', id })),
            action: {
              text: 'Check whether the server refuses it, and suspend the connection if it is not needed.',
              path: `/decisions?app=${encodeURIComponent(client)}`,
            },
          },
        ]
      },
    ),
}
