// The audit events of sign-in. They never contain a password, a token or an unknown user name.
import { type AuditEvent, buildAuditEvent, type LoggedEvent } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'

import { IDP_LOG } from '../audit-log.ts'
import type { SignInPorts } from './contract.ts'

interface Happening {
  readonly type:
    | 'signin.succeeded'
    | 'signin.failed'
    | 'signin.factor_enrolled'
    | 'signin.factor_removed'
    | 'signin.factor_failed'
    | 'session.ended'
  /** Undefined if no local user is meant; then the event is about the upstream */
  readonly userId?: string
  readonly clientId?: string
  /** Why it failed. */
  readonly reason?: string
  /** How the user signed in. */
  readonly authentication?: NonNullable<AuditEvent['authentication']>
  /** The identity provider they came through */
  readonly upstream?: string
  /** Client address; undefined if unknown */
  readonly ip: string | undefined
  /** Missing claims or attributes of the upstream, by their upstream names */
  readonly missing?: readonly string[]
  /** What was wrong with the response of the upstream */
  readonly detail?: string | undefined
  /** The factor that was added or removed, by the names of the CAEP event `credential-change` (section 3.3.1) */
  readonly credentialType?: string
}

const CHANGES: Readonly<Partial<Record<Happening['type'], string>>> = {
  'signin.factor_enrolled': 'create',
  'signin.factor_removed': 'delete',
}

/** @returns once the event is durable */
export function recordSignIn(
  ports: Pick<SignInPorts, 'clock' | 'record'>,
  happening: Happening,
): Promise<void> {
  return ports.record(buildSignInEvent(ports.clock.nowMs(), happening))
}

/** For a change that is committed together with its event. */
export function buildLoggedSignIn(ports: Pick<SignInPorts, 'clock'>, happening: Happening): LoggedEvent {
  return { log: IDP_LOG, event: buildSignInEvent(ports.clock.nowMs(), happening) }
}

function buildSignInEvent(nowMs: EpochMs, happening: Happening): AuditEvent {
  const failed = happening.type === 'signin.failed' || happening.type === 'signin.factor_failed'
  const changeType = CHANGES[happening.type]
  return buildAuditEvent(nowMs, {
    type: happening.type,
    category: 'session',
    severity: failed || changeType !== undefined ? 'notice' : 'info',
    outcome: failed ? 'failure' : 'success',
    actor: buildActor(happening),
    ...buildSource(happening),
    ...(happening.clientId === undefined ? {} : { target: { kind: 'app', id: happening.clientId } }),
    ...(happening.authentication === undefined ? {} : { authentication: happening.authentication }),
    ...buildChange(happening, changeType),
    ...(happening.reason === undefined ? {} : { reason: happening.reason }),
  })
}

function buildChange(
  { credentialType, missing = [], detail }: Happening,
  changeType: string | undefined,
): Pick<AuditEvent, 'change'> {
  if (detail !== undefined) return { change: { detail } }
  if (missing.length > 0) return { change: { missing_claims: missing } }
  if (changeType === undefined || credentialType === undefined) return {}
  return { change: { change_type: changeType, credential_types: [credentialType] } }
}

function buildSource({ upstream, ip }: Happening): Pick<AuditEvent, 'source'> {
  if (upstream === undefined && ip === undefined) return {}
  return { source: { ...(upstream === undefined ? {} : { upstream }), ...(ip === undefined ? {} : { ip }) } }
}

function buildActor({ userId, upstream }: Happening): AuditEvent['actor'] {
  return userId === undefined
    ? { kind: 'system', id: `upstream:${upstream ?? ''}` }
    : { kind: 'user', id: userId }
}
