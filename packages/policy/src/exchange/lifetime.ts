// How long an ID-JAG lives: as configured, never longer than a rule allows, and never past the end of the connection.
import type { Checklist } from '../checklist.ts'
import type { Connection } from '../exchange-snapshot.ts'
import type { RuleLimits } from '../rules/index.ts'

export interface LifetimeTerms {
  /** Epoch seconds; the token counts from the whole second */
  readonly now: number
  readonly configuredSeconds: number
  readonly connection: Pick<Connection, 'id' | 'endsAt'>
  readonly limits: RuleLimits
}

/** @returns seconds; what made them fewer than configured is a check of its own, so that the record says why */
export function limitLifetime(list: Checklist, terms: LifetimeTerms): number {
  const { now, configuredSeconds, connection, limits } = terms
  const bounds = [
    { seconds: limits.idJagTtlSeconds, via: `policy ${limits.from.join(', ')}` },
    {
      seconds: connection.endsAt === undefined ? undefined : connection.endsAt - Math.floor(now),
      via: `end of ${connection.id}`,
    },
  ]
  let least: { readonly seconds: number; readonly via?: string } = { seconds: configuredSeconds }
  for (const { seconds, via } of bounds)
    if (seconds !== undefined && seconds < least.seconds) least = { seconds, via }
  // A connection that is over fails by its period; there is nothing to shorten.
  if (least.seconds <= 0 || least.via === undefined) return Math.max(0, least.seconds)
  const { seconds, via } = least
  list.pass('granted.lifetime', { expected: { seconds: configuredSeconds }, actual: { seconds }, via })
  return seconds
}
