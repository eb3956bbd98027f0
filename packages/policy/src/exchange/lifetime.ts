// The lifetime of an ID-JAG: as configured, but never longer than a rule allows, and never past the end of the
// connection, its time window, an access grant, the session behind it, or the exchanged access token.
import type { EpochSeconds } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { Connection } from '../exchange-snapshot.ts'
import {
  findWindowChange,
  isWindowOpen,
  nameSources,
  type RuleLimits,
  type TimeWindow,
} from '../rules/index.ts'
import { findAccessEnd } from './granted-access.ts'

export interface LifetimeTerms {
  /** Epoch seconds; the token's lifetime starts at the whole second */
  readonly now: number
  readonly configuredSeconds: number
  readonly connection: Pick<Connection, 'id' | 'endsAt' | 'window' | 'access'>
  readonly limits: RuleLimits
  /** When the exchanged access token expires, in epoch seconds */
  readonly tokenEndsAt?: EpochSeconds | undefined
  /** When the session behind the subject token ends, if known; epoch seconds */
  readonly sessionEndsAt?: EpochSeconds | undefined
  /** The granted scopes */
  readonly scope: readonly string[]
}

/**
 * @returns when access as a whole ends, so that no token derived from the ID-JAG outlives it; undefined if no end is
 * known
 */
export function findSessionExpiry({
  connection,
  scope,
  tokenEndsAt,
  sessionEndsAt,
}: Pick<LifetimeTerms, 'connection' | 'scope' | 'tokenEndsAt' | 'sessionEndsAt'>): EpochSeconds | undefined {
  const accessEndsAt = findAccessEnd(connection, scope)?.endsAt
  const ends = [connection.endsAt, accessEndsAt, tokenEndsAt, sessionEndsAt].filter(
    (end) => end !== undefined,
  )
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** @returns the lifetime in seconds; a separate check records what shortened it */
export function limitLifetime(list: Checklist, terms: LifetimeTerms): number {
  const { now, configuredSeconds, connection, limits, scope, tokenEndsAt, sessionEndsAt } = terms
  const access = findAccessEnd(connection, scope)
  const bounds = [
    { seconds: limits.idJagTtlSeconds, via: `policy ${nameShortest(limits)}` },
    {
      seconds: connection.endsAt === undefined ? undefined : connection.endsAt - Math.floor(now),
      via: `end of ${connection.id}`,
    },
    {
      seconds: access === undefined ? undefined : access.endsAt - Math.floor(now),
      via: `end of access grant ${access?.grant ?? ''}`,
    },
    {
      seconds: tokenEndsAt === undefined ? undefined : tokenEndsAt - Math.floor(now),
      via: 'end of the access token',
    },
    {
      seconds: sessionEndsAt === undefined ? undefined : sessionEndsAt - Math.floor(now),
      via: 'end of the session',
    },
  ]
  if (connection.window !== undefined)
    bounds.push({
      seconds: findClosing(connection.window, now, configuredSeconds),
      via: `window of ${connection.id}`,
    })
  let least: { readonly seconds: number; readonly via?: string } = { seconds: configuredSeconds }
  for (const { seconds, via } of bounds)
    if (seconds !== undefined && seconds < least.seconds) least = { seconds, via }
  // An ended connection fails its period check; there is nothing to shorten.
  if (least.seconds <= 0 || least.via === undefined) return Math.max(0, least.seconds)
  const { seconds, via } = least
  list.pass('granted.lifetime', { expected: { seconds: configuredSeconds }, actual: { seconds }, via })
  return seconds
}

function nameShortest({ idJagTtlSeconds, parts }: RuleLimits): string {
  return nameSources(parts, (part) => part.idJagTtlSeconds === idJagTtlSeconds)
}

/** @returns seconds until the window closes; undefined if it is closed, or stays open that long */
function findClosing(window: TimeWindow, now: number, withinSeconds: number): number | undefined {
  const closesAt = isWindowOpen(window, now) ? findWindowChange(window, now, withinSeconds) : undefined
  return closesAt === undefined ? undefined : closesAt - Math.floor(now)
}
