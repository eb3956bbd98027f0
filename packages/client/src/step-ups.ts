// Detects that a new sign-in did not help, so that no app sends its user in circles (STEP-07). It does not decide what
// is strong enough: the servers do, each time.
import type { Subject } from './session.ts'
import { StepUpFailed, type StepUpRequired } from './xaa-error.ts'

/** Who required it: the token servers, or the resource that received a token. */
export type StepUpAsker = 'servers' | 'resource'

interface Asked {
  readonly token: Subject['token']
  readonly atMs: number
  /** How many different tokens the session has returned since */
  readonly changes: number
}

/** A sign-in after a step-up takes less time; a later refusal has another reason. */
const ANSWERED_WITHIN_MS = 600_000
/** A refresh token may change by rotation alone, so the first change does not prove a new sign-in. */
const CHANGES_OF_SIGN_IN = { id_token: 1, saml2: 1, refresh_token: 2 } as const

/** The open step-ups of one session. */
export class StepUps {
  readonly #asked = new Map<string, Asked>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** @returns the error to throw: the step-up the first time, or its failure if the session has a new token since */
  judge(error: StepUpRequired, at: StepUpPlace, subject: Subject): StepUpRequired | StepUpFailed {
    const key = buildKey(at)
    const before = this.#asked.get(key)
    const nowMs = this.#nowMs()
    const recent = before !== undefined && nowMs - before.atMs <= ANSWERED_WITHIN_MS
    const changed = recent && before.token.reveal() !== subject.token.reveal()
    const changes = (recent ? before.changes : 0) + (changed ? 1 : 0)
    if (changed && changes >= CHANGES_OF_SIGN_IN[subject.type]) {
      // Reported once: starting over requires a new sign-in.
      this.#asked.delete(key)
      return new StepUpFailed(error)
    }
    this.#asked.set(key, { token: subject.token, atMs: nowMs, changes })
    return error
  }

  /** The step-up was satisfied there. */
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
