// How long an ID-JAG lives: as configured, never longer than a rule allows, and never past the end of the connection, of
// its time window, of an access grant, of the session behind it, or of the access token that is exchanged.
import type { EpochSeconds } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { findWindowChange, isWindowOpen, type RuleLimits, type TimeWindow } from '../rules/index.ts'
import { findAccessEnd } from './granted-access.ts'

export interface LifetimeTerms {
  /** Epoch seconds; the token counts from the whole second */
  readonly now: number
  readonly configuredSeconds: number
  readonly connection: Pick<Connection, 'id' | 'endsAt' | 'window' | 'access'>
  readonly limits: RuleLimits
  /** When the access token ends that is exchanged, in epoch seconds */
  readonly tokenEndsAt?: EpochSeconds | undefined
  /** When the session ends that the subject token rests on, where that is known; epoch seconds */
  readonly sessionEndsAt?: EpochSeconds | undefined
  /** What is granted */
  readonly scope: readonly string[]
}

/** @returns when access as a whole is over, so that no token born of the ID-JAG outlives it; undefined: not known to end */
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

/** @returns seconds; what made them fewer than configured is a check of its own, so that the record says why */
export function limitLifetime(list: Checklist, terms: LifetimeTerms): number {
  const { now, configuredSeconds, connection, limits, scope, tokenEndsAt, sessionEndsAt } = terms
  const access = findAccessEnd(connection, scope)
  const bounds = [
    { seconds: limits.idJagTtlSeconds, via: `policy ${limits.from.join(', ')}` },
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
  // A connection that is over fails by its period; there is nothing to shorten.
  if (least.seconds <= 0 || least.via === undefined) return Math.max(0, least.seconds)
  const { seconds, via } = least
  list.pass('granted.lifetime', { expected: { seconds: configuredSeconds }, actual: { seconds }, via })
  return seconds
}

/** @returns seconds until the window closes, undefined where it does not so soon, or is closed already */
function findClosing(window: TimeWindow, now: number, withinSeconds: number): number | undefined {
  const closesAt = isWindowOpen(window, now) ? findWindowChange(window, now, withinSeconds) : undefined
  return closesAt === undefined ? undefined : closesAt - Math.floor(now)
}
