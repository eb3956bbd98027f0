// Records sign-ins to the console with the token of the configuration file, which may do everything and names no user.
import { ADMIN_LOG, buildAuditEvent, type Clock, createRateLimit, type Ledger } from '@crosswalk/as-core'
import { FILE_TOKEN } from '@crosswalk/control'

/** Durable when it resolves. */
export type RecordTokenSignIn = (signIn: {
  readonly succeeded: boolean
  readonly userAgent: string | null
  /** Client address; undefined if unknown */
  readonly ip: string | undefined
}) => Promise<void>

const FAILURES_PER_MINUTE = 10

export function createTokenSignInRecord(parts: {
  readonly ledger: Pick<Ledger, 'commit'>
  readonly clock: Clock
}): RecordTokenSignIn {
  const { ledger, clock } = parts
  const failures = createRateLimit(FAILURES_PER_MINUTE, { clock, scope: 'console-token' })
  return async ({ succeeded, userAgent, ip }) => {
    // Anyone can guess, so the number of events is limited.
    if (!succeeded && failures?.count('') !== undefined) return
    await ledger.commit({
      log: ADMIN_LOG,
      event: buildAuditEvent(clock.nowMs(), {
        type: succeeded ? 'signin.succeeded' : 'signin.failed',
        category: 'session',
        severity: 'notice',
        outcome: succeeded ? 'success' : 'failure',
        actor: succeeded ? { kind: 'admin', id: FILE_TOKEN } : { kind: 'system', id: 'console' },
        ...(succeeded ? {} : { reason: 'wrong-token' }),
        source: {
          interface: 'console',
          ...(ip === undefined ? {} : { ip }),
          ...(userAgent === null ? {} : { user_agent: userAgent.slice(0, 256) }),
        },
      }),
    })
  }
}
