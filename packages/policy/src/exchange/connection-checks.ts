// The connection: the allowance from one requesting app to one resource app; without one, access is denied.
import { DAY_SECONDS, type EpochSeconds, type ResourceAppDefinition } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import { type Connection, connectionKey, type ExchangeSnapshot } from '../exchange-snapshot.ts'
import { hasEnded, renderTime } from '../moment.ts'
import { findWindowChange, isWindowOpen, renderLocalTime } from '../rules/index.ts'

export interface ConnectionQuestion {
  readonly appId: string
  readonly resourceApp: ResourceAppDefinition
  readonly resource: readonly string[]
  readonly now: EpochSeconds
}

export function checkConnection(
  list: Checklist,
  question: ConnectionQuestion,
  snapshot: ExchangeSnapshot,
): Connection | undefined {
  const connection = snapshot.connections.get(connectionKey(question.appId, question.resourceApp.id))
  if (connection === undefined) {
    list.fail('connection.exists', 'XAA1401', {
      expected: `a connection from ${question.appId} to ${question.resourceApp.id}`,
    })
    list.skip(
      ['connection.active', 'connection.period', 'connection.client_id', 'connection.resource'],
      'connection.exists',
    )
    return undefined
  }
  list.pass('connection.exists', { ref: connection.id })
  checkStatus(list, connection, snapshot)
  checkPeriod(list, connection, question.now)
  checkWindow(list, connection, question.now)
  if (connection.clientId === undefined)
    list.fail('connection.client_id', 'XAA1406', { expected: 'the client id of the app at the resource' })
  else list.pass('connection.client_id', { actual: connection.clientId })
  return connection
}

function checkStatus(list: Checklist, { id, status }: Connection, { holds }: ExchangeSnapshot): void {
  const hold = holds.get(id)
  if (hold?.state === 'revoked') list.fail('connection.active', 'XAA1407', { actual: hold })
  else if (hold?.state === 'suspended' || status === 'suspended')
    list.fail('connection.active', 'XAA1403', { actual: hold ?? status })
  else if (status !== 'active')
    list.fail('connection.active', 'XAA1402', { expected: 'active', actual: status })
  else list.pass('connection.active')
}

export function isInPeriod({ startsAt, endsAt }: Connection, now: EpochSeconds): boolean {
  return (startsAt === undefined || now >= startsAt) && !hasEnded(endsAt, now)
}

function checkPeriod(list: Checklist, connection: Connection, now: EpochSeconds): void {
  if (isInPeriod(connection, now)) list.pass('connection.period')
  else
    list.fail('connection.period', 'XAA1404', {
      expected: { notBefore: connection.notBefore, expiresAt: connection.expiresAt },
      actual: now,
    })
}

/** Recorded only if there is a window; most connections have none. */
function checkWindow(list: Checklist, { window, conditions }: Connection, now: EpochSeconds): void {
  if (window === undefined) return
  const seen = { expected: conditions.window, actual: renderLocalTime(window, now) }
  if (isWindowOpen(window, now)) list.pass('connection.window', seen)
  else list.fail('connection.window', 'XAA1405', seen)
}

/** A window lost to a daylight saving change opens a week later. */
const SOON_SECONDS = 15 * DAY_SECONDS

/** @returns when a closed window next opens; undefined if the connection ends before that */
export function findOpening({ window, endsAt }: Connection, now: EpochSeconds): EpochSeconds | undefined {
  const opensAt = window === undefined ? undefined : findWindowChange(window, now, SOON_SECONDS)
  return endsAt !== undefined && opensAt !== undefined && opensAt >= endsAt ? undefined : opensAt
}

/** @returns the time in the window's time zone, and in UTC */
export function renderOpening({ window }: Connection, opensAt: EpochSeconds): string {
  const moment = renderTime(opensAt * 1000)
  return window === undefined ? moment : `${renderLocalTime(window, opensAt)} (${moment})`
}

/**
 * The resources to grant: the requested ones, all of which the connection must include; or, if none was requested, all
 * of the connection's, so that the grant never exceeds it (IDP-10, IDP-12).
 */
export function checkConnectionResources(
  list: Checklist,
  connection: Connection,
  question: ConnectionQuestion,
): readonly string[] | undefined {
  const { resource, resourceApp } = question
  const outside = resource.filter((id) => !connection.resources.includes(id))
  const nothing = resourceApp.resources.length > 0 && connection.resources.length === 0
  if (outside.length > 0 || nothing) {
    list.fail('connection.resource', 'XAA1304', { expected: connection.resources, actual: resource })
    return undefined
  }
  list.pass('connection.resource')
  return resource.length > 0 ? resource : connection.resources
}
