// Step 6: what an app does when its access token has expired. First the same ID-JAG again, which single-use servers
// refuse; then a new exchange of the same ID token, without the user.
import { claim, type Leg, runExchange, runRedemption } from '@crosswalk/lab'

import { type Run, toFlowRun } from '../run.ts'
import type { RunContext, Progress } from '../step-runner.ts'
import { describeAnswer } from './describe-leg.ts'
import { flowOf } from './legs.ts'

export async function renew(run: Run, context: RunContext): Promise<Progress> {
  const flow = flowOf(run, context)
  const { received } = toFlowRun(run)
  const again = (await runRedemption(flow, { legs: [], received })).legs[0]
  const exchanged = await runExchange(flow, { idToken: received.idToken })
  const redeemed =
    exchanged.received.idJag === undefined ? undefined : await runRedemption(flow, { ...exchanged, legs: [] })
  const fresh = exchanged.legs[0]
  const renewed = redeemed?.legs[0]
  const isRenewed = renewed?.outcome === 'done'
  return {
    result: {
      outcome: isRenewed ? 'done' : 'refused',
      told: [
        describeRenewal(again),
        isRenewed
          ? `A new exchange of the same ID token returned another ID-JAG (jti ${String(claim(fresh?.token, 'jti'))}), which was redeemed for another access token. The user did not sign in again.`
          : `A new exchange did not lead to an access token: ${describeAnswer(fresh?.outcome === 'refused' ? fresh : renewed)}. Sign in again, or ask the administrator.`,
        'The identity provider decides each renewal again. That is how the company ends access.',
      ],
      checks: renewed?.checks ?? [],
      token: fresh?.token,
      refusal: isRenewed ? undefined : (fresh?.refusal ?? renewed?.refusal),
      decisionId: fresh?.decisionId,
    },
    // Later steps continue with the new tokens; after a failed renewal, with the old ones.
    learned: isRenewed && redeemed !== undefined ? { received: redeemed.received } : {},
  }
}

function describeRenewal(again: Leg | undefined): string {
  if (again?.outcome === 'done')
    return 'The same ID-JAG was accepted a second time: this server accepts it until it expires. A thief could redeem it too.'
  return again?.refusal?.error === 'invalid_grant'
    ? `The same ID-JAG was refused the second time: ${describeAnswer(again)}. An ID-JAG can be redeemed once (XAA2209).`
    : `The same ID-JAG was refused the second time, though not as a replay: ${describeAnswer(again)}.`
}
