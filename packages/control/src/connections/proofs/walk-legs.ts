// All legs of one run, from the code that the browser brought to what is left of the access token.
import * as oidc from 'openid-client'
import type { ProofLeg } from '@crosswalk/admin-api'
import type { AccessToken } from '@crosswalk/client'

import { toClientAuth } from './credential.ts'
import { crossOver } from './cross-over.ts'
import { describeFault } from './describe-fault.ts'
import { drawSecrets, leaveForSignIn } from './leave-for-sign-in.ts'
import { fromNow, type ProofMeans, updateProof } from './proof-means.ts'
import { type ProofRun, RUN_SECONDS } from './proof-store.ts'
import { redeemCode } from './redeem-code.ts'
import { type Connecting, connectClient } from './connect-client.ts'

export interface ProofOutcome {
  readonly legs: readonly ProofLeg[]
  readonly user?: string | undefined
  readonly accessTokenEndsAt?: string | undefined
}

export interface ProofAnswer {
  /** The redirect URI as it was called */
  readonly answer: URL
  readonly state: string
}

/** @returns what came of it, or where a user has to sign in once more, stronger or again */
export async function walkLegs(
  run: ProofRun,
  { answer, state }: ProofAnswer,
  means: ProofMeans,
): Promise<{ readonly outcome: ProofOutcome } | { readonly again: string }> {
  try {
    const { issuer, fetch } = means
    const nowMs = () => means.clock.nowMs()
    const client = { id: run.app, auth: toClientAuth(run.credential) }
    const { leg, signedIn } = await redeemCode({ ...run, issuer, client, answer, state, fetch, nowMs })
    if (signedIn === undefined) return { outcome: { legs: [leg] } }
    const there = run.atResource === undefined ? undefined : toClientAuth(run.atResource)
    const { idToken, userId } = signedIn
    const crossed = await crossOver({ ...run, idp: issuer, client, idToken, authThere: there, fetch, nowMs })
    const { stepUp, accessToken } = crossed
    if (stepUp !== undefined && !run.steppedUp) return { again: await stepUpTo(run, stepUp, means) }
    const accessTokenEndsAt =
      accessToken === undefined || there === undefined
        ? undefined
        : await revokeToken({
            issuer: run.audience,
            client: { id: run.clientIdThere, auth: there },
            token: accessToken,
            fetch,
            nowMs,
          })
    return { outcome: { legs: [leg, ...crossed.legs], user: userId, accessTokenEndsAt } }
  } catch (fault) {
    means.onFault(fault, run.proof)
    const problem = describeFault(fault)
    return { outcome: { legs: [{ leg: 'exchange', outcome: 'refused', server: means.issuer, problem }] } }
  }
}

/** As a real app would: once, with what was asked for. */
async function stepUpTo(
  run: ProofRun,
  wanted: Readonly<Record<string, string>>,
  means: ProofMeans,
): Promise<string> {
  await updateProof(run.proof, means, {
    state: 'waiting',
    steppedUp: true,
    expiresAt: fromNow(means, RUN_SECONDS),
  })
  return leaveForSignIn({ ...run, ...drawSecrets(), steppedUp: true }, wanted, means)
}

/**
 * Revokes the access token that a proof came to, where its authorization server lets its clients do that
 * (RFC 7009).
 */
interface TokenHeld extends Connecting {
  readonly token: AccessToken
}

/** @returns until when it goes on living, as RFC 3339, where it could not be revoked */
async function revokeToken({ token, ...connecting }: TokenHeld): Promise<string | undefined> {
  try {
    await oidc.tokenRevocation(await connectClient(connecting, 'oauth2'), token.value.reveal())
    return undefined
  } catch {
    // No such endpoint, or no answer: then its own end is what can be said.
    return new Date(token.expiresAt * 1000).toISOString()
  }
}
