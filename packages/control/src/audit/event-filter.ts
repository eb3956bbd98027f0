// Which events of the logs a caller wants. Lists filter by columns, exports and packs filter the events they read.
import { type AuditFilter, splitEventTypes, toEpochMs } from '@crosswalk/admin-api'
import { DECISION_CODES, dropUndefined, expandEventTypes } from '@crosswalk/protocol'
import type { RecordedEvent, Storage } from '@crosswalk/storage'

import type { Parts } from '../parts.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'

export type EventFilter = Omit<Parameters<Storage['events']['list']>[0], 'limit' | 'cursor'>

export async function readFilter(parts: Parts<'directory'>, query: AuditFilter): Promise<EventFilter> {
  const { type, user, since, until, log, outcome, code, app, resourceApp, connection } = query
  return dropUndefined({
    log,
    outcome,
    codes: code === undefined ? undefined : readCodes(code),
    app,
    resourceApp,
    connection,
    types: type === undefined ? undefined : expandEventTypes(splitEventTypes(type)).types,
    user: user === undefined ? undefined : await findUserId(parts.directory.current(), user),
    since: since === undefined ? undefined : toEpochMs(since),
    until: until === undefined ? undefined : toEpochMs(until),
  })
}

/** @returns the codes that start with these digits; one that is not in the table stands for itself */
export function readCodes(digits: string): readonly string[] {
  const prefix = digits.toUpperCase()
  const known = Object.keys(DECISION_CODES).filter((code) => code.startsWith(prefix))
  return known.length === 0 ? [prefix] : known
}

export interface Parties {
  readonly user: string | undefined
  readonly app: string | undefined
  readonly resourceApp: string | undefined
  readonly connection: string | undefined
}

export function readParties({
  actor,
  decision,
  delegation,
  on_behalf_of: subject,
}: RecordedEvent['event']): Parties {
  const isApp = actor.kind === 'agent' || actor.kind === 'app'
  return {
    user: subject?.user_ref ?? (actor.kind === 'user' ? actor.id : undefined),
    app: isApp ? actor.id : decision?.request.requesting_app?.id,
    resourceApp: decision?.resolution.resource_app,
    connection: delegation?.connection ?? decision?.resolution.connection,
  }
}

export function matchesFilter({ event }: RecordedEvent, filter: EventFilter): boolean {
  const time = Date.parse(event.time)
  const { user, app, resourceApp, connection } = readParties(event)
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    [filter.outcome, event.outcome],
    [filter.app, app],
    [filter.resourceApp, resourceApp],
    [filter.connection, connection],
    [filter.user, user],
  ]
  return (
    pairs.every(([wanted, actual]) => wanted === undefined || wanted === actual) &&
    (filter.codes === undefined || filter.codes.includes(event.code ?? '')) &&
    (filter.types === undefined || filter.types.includes(event.type)) &&
    (filter.since === undefined || time >= filter.since) &&
    (filter.until === undefined || time < filter.until)
  )
}
