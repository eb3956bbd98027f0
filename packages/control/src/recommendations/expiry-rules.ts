// Rules over what expires soon although it is in use: extended too late, an agent or a pipeline stops without warning.
import { type ConnectionDefinition, DAY_MS, type EpochMs } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { Item, TokenRecord } from '../definitions/records.ts'
import { nameConnection } from '../views/name-objects.ts'
import { listActiveConnections, pathOf } from './definition-rules.ts'
import { aboutConnection, ADMINISTRATORS, type RecommendationFinding, type Rule } from './recommendation.ts'

const SOON_DAYS = 14
const IN_USE_DAYS = 14
/** A token for a shorter time was created for one task. */
const LASTING_DAYS = 30

export const connectionExpiresSoon: Rule = {
  id: 'connection-expires-soon',
  formula: `An active connection that expires within ${SOON_DAYS} days, with a grant in the last ${IN_USE_DAYS}. On its last day it is critical.`,
  baseline: { days: SOON_DAYS },
  concerns: ADMINISTRATORS,
  find: ({ compiled, nowMs, lastGrants }) =>
    listExpiringSoon(compiled, nowMs).flatMap(({ definition, endsAt }): readonly RecommendationFinding[] => {
      const lastAt = lastGrants.get(definition.id)
      if (lastAt === undefined || lastAt <= nowMs - IN_USE_DAYS * DAY_MS) return []
      return [
        {
          ...aboutConnection(definition, severityOf(endsAt, nowMs)),
          sentence: `${nameConnection(compiled, definition)} is in use, and expires ${renderRest(endsAt, nowMs)}.`,
          values: toValues(endsAt, { lastGrantedAt: new Date(lastAt).toISOString() }),
          action: {
            text: 'Set a later expiry date, or let it expire.',
            path: pathOf('connections', definition.id),
          },
          since: endsAt - SOON_DAYS * DAY_MS,
        },
      ]
    }),
}

export const tokenExpiresSoon: Rule = {
  id: 'admin-token-expires-soon',
  formula: `An admin API token that was created for ${LASTING_DAYS} days or longer, and expires within ${SOON_DAYS}. On its last day it is critical.`,
  baseline: { days: SOON_DAYS },
  concerns: ADMINISTRATORS,
  find: ({ compiled: { world }, nowMs }) =>
    [...world.tokens.values()].flatMap(
      ({ id, name, createdAt, expiresAt }): readonly RecommendationFinding[] => {
        const endsAt = findEnd(expiresAt, nowMs)
        if (endsAt === undefined || endsAt - Date.parse(createdAt) < LASTING_DAYS * DAY_MS) return []
        return [
          {
            subject: { kind: 'admin_token', id },
            severity: severityOf(endsAt, nowMs),
            sentence: `The admin API token ${name} expires ${renderRest(endsAt, nowMs)}.`,
            values: toValues(endsAt, { createdAt }),
            samples: [],
            action: { text: 'Create a new one, and replace it where it is used.', path: '/settings/tokens' },
            since: endsAt - SOON_DAYS * DAY_MS,
          },
        ]
      },
    ),
}

interface Expiring extends Pick<Item<ConnectionDefinition>, 'definition'> {
  readonly endsAt: EpochMs
}

/** Active connections that expire soon, in use or not. */
export function listExpiringSoon(compiled: CompiledWorld, nowMs: EpochMs): readonly Expiring[] {
  return listActiveConnections(compiled, nowMs).flatMap(({ definition }) => {
    const endsAt = findEnd(definition.expiresAt, nowMs)
    return endsAt === undefined ? [] : [{ definition, endsAt }]
  })
}

/** @returns when it expires, if that is soon */
function findEnd(expiresAt: TokenRecord['expiresAt'], nowMs: EpochMs): EpochMs | undefined {
  if (expiresAt === undefined) return undefined
  const endsAt = Date.parse(expiresAt)
  return endsAt > nowMs && endsAt <= nowMs + SOON_DAYS * DAY_MS ? endsAt : undefined
}

function severityOf(endsAt: EpochMs, nowMs: EpochMs): RecommendationFinding['severity'] {
  return endsAt - nowMs <= DAY_MS ? 'critical' : 'warning'
}

function renderRest(endsAt: EpochMs, nowMs: EpochMs): string {
  const days = Math.floor((endsAt - nowMs) / DAY_MS)
  if (days === 0) return 'in less than a day'
  return days === 1 ? 'in 1 day' : `in ${days} days`
}

function toValues(endsAt: EpochMs, more: RecommendationFinding['values']): RecommendationFinding['values'] {
  return { expiresAt: new Date(endsAt).toISOString(), ...more }
}
