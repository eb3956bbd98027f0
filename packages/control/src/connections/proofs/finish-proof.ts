// The return: which browser may continue a run, once, and what is recorded of it.
import { dropUndefined } from '@crosswalk/protocol'
import type { Caller } from '../../http/context.ts'
import { nameBrowser } from './send-to-sign-in.ts'
import { fromNow, type ProofContext, recordProof, updateProof } from './proof-context.ts'
import type { ProofRun } from './proof-store.ts'
import { type ProofOutcome, runProof } from './run-proof.ts'

/** Longer than all legs together can take. */
const LEGS_SECONDS = 120

/** `unknown`: never started, expired, or used already; `other-browser`: started in another browser or session. */
export type ProofRefusal = 'unknown' | 'other-browser' | 'not-allowed'

/** `to`: where the browser goes next, which may be the sign-in page again. */
export type ProofReturn =
  | { readonly to: string; readonly cookies: readonly string[] }
  | { readonly refusal: ProofRefusal; readonly cookies: readonly string[] }

export interface ReturnedBrowser {
  readonly request: Request
  /** Address of the client */
  readonly ip: string | undefined
  /** The redirect URI as it was called, at the public address */
  readonly answer: URL
  /** The cookie that ties this browser to the session that started the run */
  readonly cookie: string | undefined
  /** @returns whether the session still belongs to a user who may prove this connection */
  mayContinue(caller: Caller, app: string): Promise<boolean>
}

export async function finishProof(browser: ReturnedBrowser, parts: ProofContext): Promise<ProofReturn> {
  const state = browser.answer.searchParams.get('state') ?? ''
  const run = await parts.store.findRun(state)
  const refusal = await findRefusal(run, browser, parts)
  // A code that may not be used here must not be used at all: it is voided with its sign-in.
  if (run === undefined || refusal !== undefined || !(await parts.store.consumeRun(state)))
    return {
      refusal: refusal ?? 'unknown',
      cookies: (await parts.signIn.endTrial(browser.request, browser.ip)).cookies,
    }
  await updateProof(run.proof, parts, { state: 'running', expiresAt: fromNow(parts, LEGS_SECONDS) })
  const next = await runProof(run, { answer: browser.answer, state }, parts)
  if ('again' in next) return { to: next.again, cookies: [] }
  const { cookies, userId } = await parts.signIn.endTrial(browser.request, browser.ip)
  await conclude(run, browser, { ...next.outcome, user: next.outcome.user ?? userId }, parts)
  return {
    to: `/admin/connections/${encodeURIComponent(run.connection)}/prove?run=${run.proof}`,
    cookies,
  }
}

async function findRefusal(
  run: ProofRun | undefined,
  { cookie, mayContinue }: ReturnedBrowser,
  parts: ProofContext,
): Promise<ProofRefusal | undefined> {
  if (run === undefined) return 'unknown'
  const { session } = run.caller
  if (session === undefined || cookie !== nameBrowser(parts, session)) return 'other-browser'
  return (await mayContinue(run.caller, run.app)) ? undefined : 'not-allowed'
}

async function conclude(
  run: ProofRun,
  { request, ip }: ReturnedBrowser,
  { legs, user, accessTokenEndsAt }: ProofOutcome,
  parts: ProofContext,
): Promise<void> {
  const context = {
    caller: run.caller,
    reason: undefined,
    ifMatch: undefined,
    headers: request.headers,
    ip,
  }
  await recordProof(parts, context, run, 'proof_finished', {
    proof: run.proof,
    legs: Object.fromEntries(legs.map(({ leg, outcome }) => [leg, outcome])),
    decisions: legs.flatMap(({ decision }) => decision ?? []),
    ...(user === undefined ? {} : { user }),
  })
  await updateProof(run.proof, parts, {
    state: 'done',
    finishedAt: fromNow(parts, 0),
    legs: [...legs],
    ...dropUndefined({ user, accessTokenEndsAt }),
  })
}
