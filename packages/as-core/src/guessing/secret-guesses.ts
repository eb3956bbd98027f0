// Slows down guessing of client secrets: counted per client and network, in bounded memory of this process. The right
// secret from another network is never refused, so guessing cannot lock a client out.
import type { EpochMs } from '@crosswalk/protocol'

import { type AuditEvent, buildAuditEvent } from '../records/audit-event.ts'
import { digest } from '../sealing/digest.ts'
import { createAttempts } from './attempts.ts'
import { findNetwork } from './network.ts'

/** Wrong secrets before the first delay */
const FREE_GUESSES = 10
/** Short, because a legitimate client may share the attacker's address. */
const LONGEST_DELAY_SECONDS = 60

export interface SecretGuesser {
  readonly clientId: string
  /** Whether the client exists; guesses for other client ids are also delayed, but leave no event */
  readonly registered: boolean
  /** If unknown, guesses are not counted, because all clients would wait for one attacker */
  readonly ip: string | undefined
}

export type SecretVerdict =
  | { readonly state: 'right' | 'wrong' }
  /** The secret was not checked */
  | { readonly state: 'delayed'; readonly retryAfterSeconds: number }

export interface SecretGuesses {
  /** @param matches - called only if this guess need not wait; synchronous, so that parallel guesses all count */
  check(guesser: SecretGuesser, matches: () => boolean, now: EpochMs): SecretVerdict
}

/** One event is recorded per delay, when it refuses the first guess. */
export function createSecretGuesses(
  events: { record(event: AuditEvent): Promise<unknown> },
  onFault: (fault: unknown, reference: string) => void,
): SecretGuesses {
  const open = () => createAttempts({ free: FREE_GUESSES, longestDelaySeconds: LONGEST_DELAY_SECONDS })
  // Separate, because memory is bounded: made-up clients must not displace registered ones.
  const [ofRegistered, ofOthers] = [open(), open()]
  return {
    check(guesser, matches, now) {
      const { clientId, ip, registered } = guesser
      if (ip === undefined) return { state: matches() ? 'right' : 'wrong' }
      // A digest, because a client id may be as long as a form.
      const key = digest(JSON.stringify([clientId, findNetwork(ip)]))
      const attempts = registered ? ofRegistered : ofOthers
      const retryAfterSeconds = attempts.waitSeconds(key, now)
      if (retryAfterSeconds > 0) {
        if (attempts.noteRefusal(key) && registered) {
          const event = buildEvent(guesser, now)
          events.record(event).catch((fault: unknown) => onFault(fault, event.id))
        }
        return { state: 'delayed', retryAfterSeconds }
      }
      const right = matches()
      if (right) attempts.forget(key)
      else attempts.add(key, now)
      return { state: right ? 'right' : 'wrong' }
    },
  }
}

function buildEvent({ clientId, ip }: SecretGuesser, now: EpochMs): AuditEvent {
  return buildAuditEvent(now, {
    type: 'client.authentication_delayed',
    category: 'session',
    severity: 'warning',
    outcome: 'failure',
    // The caller only claims to be this client.
    actor: { kind: 'system', id: 'unauthenticated' },
    target: { kind: 'app', id: clientId },
    source: { interface: 'protocol', ...(ip === undefined ? {} : { ip }) },
    reason: 'too-many-attempts',
  })
}
