// Slows down anyone who guesses the secret of a client: counted per client and network, in bounded memory of this process.
// The right secret from another network is never refused, so no one locks a client out by guessing.
import type { EpochMs } from '@crosswalk/protocol'

import type { AuditEvent } from '../audit-event.ts'
import { newId } from '../ids.ts'
import { digest } from '../sealing/digest.ts'
import { createAttempts } from './attempts.ts'
import { findNetwork } from './network.ts'

/** Wrong secrets before the first delay */
const FREE_GUESSES = 10
/** Short, since a client with the right secret may share the address of an attacker. */
const LONGEST_DELAY_SECONDS = 60

export interface SecretGuesser {
  readonly clientId: string
  /** Whether there is such a client: guesses at others are slowed down too, and leave no event */
  readonly registered: boolean
  /** Where it is not known nothing is counted: everybody would wait for one who guesses */
  readonly ip: string | undefined
}

export type SecretVerdict =
  | { readonly state: 'right' | 'wrong' }
  /** The secret was not looked at */
  | { readonly state: 'delayed'; readonly retryAfterSeconds: number }

export interface SecretGuesses {
  /** @param matches - asked only where this guess need not wait; synchronous, so that guesses sent at once all count */
  check(guesser: SecretGuesser, matches: () => boolean, now: EpochMs): SecretVerdict
}

/** @param record - told once per delay, when it refuses the first guess */
export function createSecretGuesses(record: (event: AuditEvent) => void): SecretGuesses {
  const attempts = createAttempts({ free: FREE_GUESSES, longestDelaySeconds: LONGEST_DELAY_SECONDS })
  return {
    check(guesser, matches, now) {
      const { clientId, ip } = guesser
      if (ip === undefined) return { state: matches() ? 'right' : 'wrong' }
      // A digest, since a client id may be as long as a form.
      const key = digest(JSON.stringify([clientId, findNetwork(ip)]))
      const retryAfterSeconds = attempts.waitSeconds(key, now)
      if (retryAfterSeconds > 0) {
        if (attempts.noteRefusal(key) && guesser.registered) record(buildEvent(guesser, now))
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
  return {
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: new Date(now).toISOString(),
    type: 'client.authentication_delayed',
    category: 'session',
    severity: 'warning',
    outcome: 'failure',
    // The caller that guesses is not the client; it only named it.
    actor: { kind: 'system', id: 'unauthenticated' },
    target: { kind: 'app', id: clientId },
    source: { interface: 'protocol', ...(ip === undefined ? {} : { ip }) },
    reason: 'too-many-attempts',
  }
}
