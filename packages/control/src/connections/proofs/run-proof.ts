// All legs of one run, from the authorization code to the revocation of the access token.
import * as oidc from 'openid-client'
import type { ProofLeg } from '@crosswalk/admin-api'
import type { AccessToken } from '@crosswalk/client'

import { toClientAuth } from './credential.ts'
import { runFlow } from './run-flow.ts'
import { describeFault } from './describe-fault.ts'
import { generateSecrets, sendToSignIn } from './send-to-sign-in.ts'
import { fromNow, type ProofContext, updateProof } from './proof-context.ts'
import { type ProofRun, RUN_SECONDS } from './proof-store.ts'
import { redeemCode } from './redeem-code.ts'
import { type IssuerConnection, connectClient } from './connect-client.ts'

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

/** @returns the outcome, or the URL for another sign-in if step-up is required */
export async function runProof(
  run: ProofRun,
  { answer, state }: ProofAnswer,
  parts: ProofContext,
): Promise<{ readonly outcome: ProofOutcome } | { readonly again: string }> {
  try {
    const { issuer, fetch } = parts
    const nowMs = () => parts.clock.nowMs()
    const client = { id: run.app, auth: toClientAuth(run.credential) }
    const { leg, signedIn } = await redeemCode({ ...run, issuer, client, answer, state, fetch, nowMs })
    if (signedIn === undefined) return { outcome: { legs: [leg] } }
    const there = run.atResource === undefined ? undefined : toClientAuth(run.atResource)
    const { idToken, userId } = signedIn
    const flow = await runFlow({ ...run, idp: issuer, client, idToken, authThere: there, fetch, nowMs })
    const { stepUp, accessToken } = flow
    if (stepUp !== undefined && !run.steppedUp) return { again: await stepUpTo(run, stepUp, parts) }
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
    return { outcome: { legs: [leg, ...flow.legs], user: userId, accessTokenEndsAt } }
  } catch (fault) {
    parts.onFault(fault, run.proof)
    const problem = describeFault(fault)
    return { outcome: { legs: [{ leg: 'exchange', outcome: 'refused', server: parts.issuer, problem }] } }
  }
}

/** As a real app would: once, with the requested parameters. */
async function stepUpTo(
  run: ProofRun,
  wanted: Readonly<Record<string, string>>,
  parts: ProofContext,
): Promise<string> {
  await updateProof(run.proof, parts, {
    state: 'waiting',
    steppedUp: true,
    expiresAt: fromNow(parts, RUN_SECONDS),
  })
  return sendToSignIn({ ...run, ...generateSecrets(), steppedUp: true }, wanted, parts)
}

interface TokenHeld extends IssuerConnection {
  readonly token: AccessToken
}

/**
 * Revokes the token if its server supports it (RFC 7009). @returns when it expires, as RFC 3339, if it was not revoked
 */
async function revokeToken({ token, ...connecting }: TokenHeld): Promise<string | undefined> {
  try {
    await oidc.tokenRevocation(await connectClient(connecting, 'oauth2'), token.value.reveal())
    return undefined
  } catch {
    // No revocation endpoint, or no response: report the expiry instead.
    return new Date(token.expiresAt * 1000).toISOString()
  }
}
