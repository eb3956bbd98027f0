// Rules over definitions, each in one pass: apps without an active owner, unused connections or ones without end,
// scopes with a changed meaning, and old keys.
import { DEFAULT_ROTATION } from '@crosswalk/as-core'
import { connectionKey, hasActiveOwner } from '@crosswalk/policy'
import { type AppDefinition, DAY_MS, DAY_SECONDS } from '@crosswalk/protocol'

import { listActiveConnections } from '../connections/unused-connections.ts'
import type { CompiledWorld } from '../definitions/compile-world.ts'
import { isHeld, type Item } from '../definitions/records.ts'
import { nameConnection } from '../definitions/name-objects.ts'
import {
  aboutApp,
  aboutConnection,
  ADMINISTRATORS,
  type RecommendationFinding,
  type Rule,
} from './recommendation.ts'
import { toMoment } from '../http/to-moment.ts'

export const IDLE_DAYS = 60
const OLD_KEY_DAYS = 365

export const agentWithoutOwner: Rule = {
  id: 'agent-without-owner',
  formula: 'An active agent without an active owner.',
  baseline: { owners: 1 },
  concerns: ADMINISTRATORS,
  find: ({ compiled }) =>
    listActiveApps(compiled)
      .filter(({ definition }) => definition.kind === 'agent' && !hasActiveOwner(definition, compiled))
      .map(({ definition: { id, name, owners }, updatedAt }) => ({
        ...aboutApp(id, 'warning'),
        sentence:
          owners.length === 0
            ? `The agent ${name} has no owner.`
            : `No owner of the agent ${name} is active.`,
        values: { owners: owners.length, activeOwners: 0 },
        action: { text: 'Name an owner.', path: pathOf('apps', id) },
        since: updatedAt,
      })),
}

export const connectionUnused: Rule = {
  id: 'connection-unused',
  formula: `An active connection without grants for ${IDLE_DAYS} days, that has not changed for as long, while events go back that far.`,
  baseline: { idleDays: IDLE_DAYS },
  concerns: ADMINISTRATORS,
  find({ compiled, nowMs, firstEventAt, lastGrants }) {
    const before = nowMs - IDLE_DAYS * DAY_MS
    if (firstEventAt === undefined || firstEventAt > before) return []
    return [...lastGrants].flatMap(([id, lastAt]): readonly RecommendationFinding[] => {
      const definition = compiled.world.connections.get(id)?.definition
      if (definition === undefined || (lastAt !== undefined && lastAt > before)) return []
      const called = nameConnection(compiled, definition)
      const idleDays = Math.floor((nowMs - (lastAt ?? firstEventAt)) / DAY_MS)
      return [
        {
          ...aboutConnection(definition, 'warning'),
          sentence:
            lastAt === undefined
              ? `No grant over ${called} is on record.`
              : `No grant over ${called} for ${idleDays} days.`,
          values: { idleDays, lastGrantedAt: toMoment(lastAt), scopes: definition.scopes.length },
          action: { text: 'Suspend it, or revoke it in a review.', path: pathOf('connections', id) },
          since: lastAt ?? firstEventAt,
        },
      ]
    })
  },
}

export const connectionWithoutEnd: Rule = {
  id: 'connection-without-end',
  formula: 'An active connection without an expiry date.',
  baseline: { ends: 1 },
  concerns: ADMINISTRATORS,
  find: ({ compiled, nowMs }) =>
    listActiveConnections(compiled, nowMs)
      .filter(({ definition }) => definition.expiresAt === undefined)
      .map(({ definition, updatedAt }) => ({
        ...aboutConnection(definition, 'info'),
        sentence: `${nameConnection(compiled, definition)} has no expiry date.`,
        values: { ends: 0 },
        action: { text: 'Set an expiry date.', path: pathOf('connections', definition.id) },
        since: updatedAt,
      })),
}

export const scopeMeaningChanged: Rule = {
  id: 'scope-meaning-changed',
  formula: 'A scope of an active connection whose meaning has changed since it was approved.',
  baseline: { changed: 0 },
  concerns: ADMINISTRATORS,
  find({ compiled, nowMs }) {
    if (compiled.exchange === undefined) return []
    const { connections } = compiled.exchange
    return listActiveConnections(compiled, nowMs).flatMap(
      ({ definition }): readonly RecommendationFinding[] => {
        const states = connections.get(connectionKey(definition.app, definition.resourceApp))?.approvals
        if (states === undefined) return []
        const changed = definition.scopes.filter((scope) => states.get(scope)?.state === 'changed')
        if (changed.length === 0) return []
        return [
          {
            ...aboutConnection(definition, 'warning'),
            sentence: `${changed.join(', ')} of ${nameConnection(compiled, definition)} changed meaning after the approval; not granted until approved again.`,
            values: { changed: changed.length, scopes: changed.join(' ') },
            action: {
              text: 'Review the changes, and approve or remove the scopes.',
              path: `${pathOf('connections', definition.id)}?tab=scopes`,
            },
          },
        ]
      },
    )
  },
}

export const appKeyOld: Rule = {
  id: 'app-key-old',
  formula: `A secret or registered key of an active app that is at least ${OLD_KEY_DAYS} days old. Only for apps of the database; those of the file have no history.`,
  baseline: { ageDays: OLD_KEY_DAYS },
  concerns: ADMINISTRATORS,
  find: ({ compiled, nowMs, appsAYearAgo }) =>
    listActiveApps(compiled).flatMap(
      ({ definition: { id, name, auth } }): readonly RecommendationFinding[] => {
        const before = appsAYearAgo.get(id)?.auth
        const kept = before === undefined ? [] : listCredentials(auth).filter(within(listCredentials(before)))
        if (kept.length === 0) return []
        return [
          {
            ...aboutApp(id, 'warning'),
            sentence: `${name} has used the same ${auth.method === 'private_key_jwt' ? 'key' : 'secret'} for more than ${OLD_KEY_DAYS} days.`,
            values: { credentials: kept.length, method: auth.method },
            action: { text: 'Create a new one.', path: `${pathOf('apps', id)}?tab=keys` },
            since: nowMs - OLD_KEY_DAYS * DAY_MS,
          },
        ]
      },
    ),
}

const ROTATION_DAYS = DEFAULT_ROTATION.rotateEverySeconds / DAY_SECONDS
/** Rotation is automatic; a day of delay has a cause. */
const GRACE_DAYS = 1

export const signingKeyOld: Rule = {
  id: 'signing-key-old',
  formula: `A current signing key more than ${GRACE_DAYS} day past its rotation at ${ROTATION_DAYS} days.`,
  baseline: { ageDays: ROTATION_DAYS + GRACE_DAYS },
  concerns: ADMINISTRATORS,
  find: ({ nowMs, signingKeys }) =>
    signingKeys.flatMap(({ owner, purpose, kid, state, createdAt }): readonly RecommendationFinding[] => {
      const age = nowMs - createdAt
      if (state !== 'current' || age <= (ROTATION_DAYS + GRACE_DAYS) * DAY_MS) return []
      return [
        {
          subject: { kind: 'key', id: `${owner}/${purpose}` },
          severity: 'critical',
          sentence: `The key of ${owner} for ${purpose} should have been rotated after ${ROTATION_DAYS} days, but is ${Math.floor(age / DAY_MS)} days old.`,
          values: { ageDays: Math.floor(age / DAY_MS), kid },
          samples: [{ kind: 'key', id: kid }],
          action: { text: 'Rotate it, and find out why it was not rotated.', path: '/settings/keys' },
          since: createdAt + (ROTATION_DAYS + GRACE_DAYS) * DAY_MS,
        },
      ]
    }),
}

function listActiveApps({ world }: CompiledWorld): readonly Item<AppDefinition>[] {
  return [...world.apps.values()].filter(
    ({ definition: { id, active } }) => active && !isHeld(world, 'app', id),
  )
}

/** The comparable parts of a credential; keys behind a URL change there, unseen by this server. */
function listCredentials(auth: AppDefinition['auth']): readonly string[] {
  switch (auth.method) {
    case 'none':
      return []
    case 'private_key_jwt':
      return (auth.jwks?.keys ?? []).map((key) => JSON.stringify(key))
    default:
      // Only the database has a history, and it stores hashes.
      return 'secretHash' in auth ? [auth.secretHash, auth.previousSecretHash ?? []].flat() : []
  }
}

function within(known: readonly string[]): (one: string) => boolean {
  const all = new Set(known)
  return (one) => all.has(one)
}

/** Path of a console page, below `/admin`. */
export function pathOf(collection: 'apps' | 'connections', id: string): string {
  return `/${collection}/${encodeURIComponent(id)}`
}
