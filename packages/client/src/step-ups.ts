// Notices when signing in again did not help, so that no app sends its user round in circles (STEP-07). Decides nothing
// about what is strong enough: the servers do, each time.
import type { Subject } from './session.ts'
import { StepUpFailed, type StepUpRequired } from './xaa-error.ts'

/** Who asked: the token servers on the way to a token, or the resource that was shown one. */
export type StepUpAsker = 'servers' | 'resource'

interface Asked {
  readonly token: Subject['token']
  readonly atMs: number
  /** How often another token was brought since */
  readonly changes: number
}

/** A sign-in that answers a step-up takes less; a refusal after it is about something else. */
const ANSWERED_WITHIN_MS = 600_000
/** Another refresh token may come of rotation alone, so the first tells nothing of a new sign-in. */
const CHANGES_OF_SIGN_IN = { id_token: 1, saml2: 1, refresh_token: 2 } as const

/** What was asked for in one session, until it is met. */
export class StepUps {
  readonly #asked = new Map<string, Asked>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** @returns the error to throw: the step-up the first time, that it failed when another token was brought since */
  judge(error: StepUpRequired, at: StepUpPlace, subject: Subject): StepUpRequired | StepUpFailed {
    const key = buildKey(at)
    const before = this.#asked.get(key)
    const nowMs = this.#nowMs()
    const recent = before !== undefined && nowMs - before.atMs <= ANSWERED_WITHIN_MS
    const changed = recent && before.token.reveal() !== subject.token.reveal()
    const changes = (recent ? before.changes : 0) + (changed ? 1 : 0)
    if (changed && changes >= CHANGES_OF_SIGN_IN[subject.type]) {
      // Told once: starting over asks for a sign-in again.
      this.#asked.delete(key)
      return new StepUpFailed(error)
    }
    this.#asked.set(key, { token: subject.token, atMs: nowMs, changes })
    return error
  }

  /** What was asked for there is met. */
  meet(at: StepUpPlace): void {
    this.#asked.delete(buildKey(at))
  }
}

export interface StepUpPlace {
  readonly asker: StepUpAsker
  readonly resource: string
}

function buildKey({ asker, resource }: StepUpPlace): string {
  return `${asker} ${resource}`
}
