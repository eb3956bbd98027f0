// Binds grants to their session: they are found with it, and end with it at the latest. A session may have an end because
// the identity provider through which the user signed in said so. It and its grants carry that time, and their rows in
// the store expire then, so nothing that depends on them works longer.
import type { Clock } from '@crosswalk/as-core'
import type { EpochSeconds } from '@crosswalk/protocol'
import type { AdapterPayload, Grant, Session } from 'oidc-provider'

import { Provider } from './oidc-provider.ts'
import { FACTOR_PROMPT } from './prompts.ts'

/** A session or grant. */
export interface Ending {
  endsAt?: EpochSeconds | undefined
}

/** A grant of a session. */
interface Bound extends Ending {
  uid?: string
}

/** Each sign-in sets the end of its session. A second factor only adds to the sign-in, so the session keeps its end. */
export function bindGrantsToSessions({ Session, Grant }: Provider): void {
  keep(Session, ['endsAt'])
  keep(Grant, ['endsAt', 'uid'])
  const { loginAccount } = Session.prototype
  Session.prototype.loginAccount = function loginUntilEnd(this: Session & Ending, details) {
    loginAccount.call(this, details)
    const { prompt, result } = Provider.ctx?.oidc.entities.Interaction ?? {}
    if (prompt?.name !== FACTOR_PROMPT) this.endsAt = result?.login?.['endsAt'] as EpochSeconds | undefined
  }
}

/** Saves more members with each record of a model. */
function keep(model: unknown, members: readonly string[]): void {
  const { IN_PAYLOAD } = model as { readonly IN_PAYLOAD: string[] }
  Object.defineProperty(model, 'IN_PAYLOAD', { value: [...IN_PAYLOAD, ...members] })
}

/** Gives a grant the `uid` of its session and its end, which the latest sign-in may have changed. */
export function bindToSession(grant: Grant & Bound, { uid, endsAt }: Session & Ending): void {
  grant.uid = uid
  grant.endsAt = endsAt
}

/** @returns how long the row of a session or grant is kept: as usual, or until its end if that is earlier */
export function endWithSession(
  { endsAt }: AdapterPayload & Ending,
  expiresInSeconds: number | undefined,
  clock: Clock,
): number | undefined {
  return endsAt === undefined
    ? expiresInSeconds
    : Math.min(expiresInSeconds ?? Number.POSITIVE_INFINITY, endsAt - clock.nowMs() / 1000)
}

/** @returns whether the end has come; the row may be kept for some milliseconds longer, the time that it took to store it */
export function hasEnded({ endsAt }: AdapterPayload & Ending, clock: Clock): boolean {
  return endsAt !== undefined && endsAt * 1000 <= clock.nowMs()
}
