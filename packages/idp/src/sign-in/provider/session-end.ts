// When a session ends at the latest, because the identity provider through which the user signed in said so. A session
// and its grants carry that time, and their rows in the store expire then, so nothing that depends on them works longer.
import type { Clock } from '@crosswalk/as-core'
import type { EpochSeconds } from '@crosswalk/protocol'
import type { AdapterPayload, Grant, Session } from 'oidc-provider'

import { Provider } from './oidc-provider.ts'
import { FACTOR_PROMPT } from './prompts.ts'

/** A session or grant. */
export interface Ending {
  endsAt?: EpochSeconds | undefined
}

/** Each sign-in sets the end of its session. A second factor only adds to the sign-in, so the session keeps its end. */
export function limitToSessionEnd({ Session, Grant }: Provider): void {
  for (const model of [Session, Grant] as unknown as { readonly IN_PAYLOAD: string[] }[]) {
    const members = [...model.IN_PAYLOAD, 'endsAt']
    Object.defineProperty(model, 'IN_PAYLOAD', { value: members })
  }
  const { loginAccount } = Session.prototype
  Session.prototype.loginAccount = function loginUntilEnd(this: Session & Ending, details) {
    loginAccount.call(this, details)
    const { prompt, result } = Provider.ctx?.oidc.entities.Interaction ?? {}
    if (prompt?.name !== FACTOR_PROMPT) this.endsAt = result?.login?.['endsAt'] as EpochSeconds | undefined
  }
}

/** Gives a grant the end of its session, whose latest sign-in may have changed it. */
export function setEnd(grant: Grant & Ending, { endsAt }: Session & Ending): void {
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
