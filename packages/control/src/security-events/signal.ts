// Signals are acts and changes that revoke something; each becomes the security events for the streams. Resource apps
// determine the name of a user at each authorization server. Pure.
import { newId, type OutgoingSecurityEvent } from '@crosswalk/as-core'
import { buildSecurityEvent, type EventStream, nameSubject } from '@crosswalk/idp'
import type { EvaluatedUser } from '@crosswalk/policy'
import {
  buildSubjectId,
  type ConnectionDefinition,
  type ResourceAppDefinition,
  SECURITY_EVENT,
  type SubjectId,
} from '@crosswalk/protocol'

import { definitionsOf, type World } from '../definitions/records.ts'
import { readSubject } from '../definitions/revocations.ts'

export type Signal =
  | {
      readonly kind: 'session-revoked'
      readonly user: EvaluatedUser
      readonly initiator: 'admin' | 'user' | 'system'
      /** Only the access over these ended; undefined: all access of the user */
      readonly connections?: readonly ConnectionDefinition[] | undefined
    }
  /** Sent for the previous names of a user, if they changed: no later event could name tokens issued under them */
  | { readonly kind: 'renamed'; readonly user: EvaluatedUser; readonly now: EvaluatedUser }
  | {
      readonly kind: 'credential-change'
      readonly user: EvaluatedUser
      /** A credential type of CAEP section 3.3.1 */
      readonly credential: string
      readonly change: 'create' | 'update' | 'delete'
    }
  | {
      readonly kind: 'connection-revoked' | 'connection-suspended'
      readonly connections: readonly ConnectionDefinition[]
    }
  | { readonly kind: 'access-revoked' }

export interface SignalParts {
  readonly world: Pick<World, 'resource-apps'>
  readonly streams: readonly EventStream[]
  /** The IdP's issuer identifier */
  readonly issuer: string
  pairwise(audience: string, userId: string): string
  readonly nowMs: number
}

interface SignalledEvent {
  readonly subject: SubjectId
  readonly body: Readonly<Record<string, unknown>>
}

const TYPE = {
  'session-revoked': SECURITY_EVENT.sessionRevoked,
  renamed: SECURITY_EVENT.sessionRevoked,
  'credential-change': SECURITY_EVENT.credentialChange,
  'connection-revoked': SECURITY_EVENT.connectionRevoked,
  'connection-suspended': SECURITY_EVENT.connectionSuspended,
  'access-revoked': SECURITY_EVENT.accessRevoked,
} as const satisfies Record<Signal['kind'], string>

/** @returns the events for each stream; none for a stream that is disabled or did not request the type */
export function buildStreamEvents(signal: Signal, parts: SignalParts): readonly OutgoingSecurityEvent[] {
  const type = TYPE[signal.kind]
  const transaction = newId('txn')
  return parts.streams
    .filter(({ status, events }) => status !== 'disabled' && events.includes(type))
    .flatMap((stream) => {
      const apps = definitionsOf(parts.world['resource-apps']).filter(
        ({ issuer }) => issuer === stream.audience,
      )
      return withoutRepeats(describe(signal, apps, parts))
        .filter(({ subject }) => isWanted(subject, stream))
        .map((event) =>
          buildSecurityEvent({
            issuer: parts.issuer,
            stream,
            type,
            ...event,
            now: parts.nowMs,
            transaction,
          }),
        )
    })
}

function describe(
  signal: Signal,
  apps: readonly ResourceAppDefinition[],
  { issuer, pairwise, nowMs }: SignalParts,
): readonly SignalledEvent[] {
  const base = { event_timestamp: Math.floor(nowMs / 1000), initiating_entity: 'admin' }
  switch (signal.kind) {
    case 'session-revoked': {
      const body = { ...base, initiating_entity: signal.initiator }
      return signal.connections === undefined
        ? describeUser(signal.user, body)
        : describeConnections(signal.connections, body, signal.user)
    }
    case 'renamed': {
      const kept = describeUser(signal.now, base).map((event) => JSON.stringify(event))
      return describeUser(signal.user, base).filter((event) => !kept.includes(JSON.stringify(event)))
    }
    case 'credential-change':
      return describeUser(signal.user, {
        ...base,
        credential_type: signal.credential,
        change_type: signal.change,
      })
    case 'connection-revoked':
    case 'connection-suspended':
      return describeConnections(signal.connections, base)
    case 'access-revoked':
      return apps.map(({ tenant }) => ({ subject: buildSubjectId({ issuer, tenant }), body: base }))
  }

  /** @param user - only their access; undefined: that of all users */
  function describeConnections(
    connections: readonly ConnectionDefinition[],
    body: SignalledEvent['body'],
    user?: EvaluatedUser,
  ): readonly SignalledEvent[] {
    return connections.flatMap(({ resourceApp, clientId, resources }) => {
      const app = apps.find(({ id }) => id === resourceApp)
      if (app === undefined || clientId === undefined) return []
      const subject = user === undefined ? undefined : readSubject(app, user, pairwise)
      if (user !== undefined && subject === undefined) return []
      return [
        {
          subject: buildSubjectId({ issuer, subject, clientId, tenant: app.tenant }),
          body: { ...body, ...(resources.length === 0 ? {} : { resources }) },
        },
      ]
    })
  }

  function describeUser(user: EvaluatedUser, body: SignalledEvent['body']): readonly SignalledEvent[] {
    return apps.flatMap((app) => {
      const subject = readSubject(app, user, pairwise)
      return subject === undefined
        ? []
        : [{ subject: buildSubjectId({ issuer, subject, tenant: app.tenant }), body }]
    })
  }
}

/** Products behind one issuer usually know a user by the same name. */
function withoutRepeats(events: readonly SignalledEvent[]): readonly SignalledEvent[] {
  return [...new Map(events.map((one) => [JSON.stringify(one), one])).values()]
}

function isWanted(subject: SubjectId, { removedSubjects = [] }: EventStream): boolean {
  const names = [subject, subject['user'] as SubjectId | undefined].flatMap((one) =>
    one === undefined ? [] : [nameSubject(one)],
  )
  return !removedSubjects.some((removed) => names.includes(removed))
}
