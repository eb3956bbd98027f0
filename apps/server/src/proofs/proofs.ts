// Proofs of connections from the console: an administrator leaves for the sign-in page of our own identity provider, signs
// in there as one of the people a connection is for, and comes back with the code of the app. From there on the exchange is
// what the app itself would do. Decides who may go on with a run, once; what comes of it is decided by the servers asked.
import type { Proof, ProofInput, ProofLeg } from '@crosswalk/admin-api'
import type { Clock, Sealing } from '@crosswalk/authorization-server'
import type { Idp } from '@crosswalk/idp'
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'
import * as oidc from 'openid-client'

import { ADMIN_LOG, buildAdminEvent } from '../admin/change-event.ts'
import type { AdminContext, Caller } from '../admin/context.ts'
import { toClientAuth } from './credential.ts'
import { crossOver } from './cross-over.ts'
import { describeFault } from './describe-fault.ts'
import { createProofFetch, type ProofFetch } from './proof-fetch.ts'
import { createProofStore, newProofId, type ProofRun, type ProofStore, RUN_SECONDS } from './proof-store.ts'
import { redeemCode } from './redeem-code.ts'
import { takeBack } from './take-back.ts'

/** Longer than all legs together may take. */
const LEGS_SECONDS = 120

export interface ProofParts {
  /** Where the browser comes back to; as the identity provider knows it */
  readonly redirectUri: string
  /** Our identity provider's issuer identifier */
  readonly issuer: string
  readonly baseUrl: string
  readonly signIn: Pick<Idp['signIn'], 'metadata' | 'endTrial'>
  readonly storage: Pick<Storage, 'signIn' | 'ledger'>
  readonly sealing: Sealing
  readonly clock: Clock
  onFault(fault: unknown, reference: string): void
}

export interface WantedProof {
  readonly connection: ConnectionDefinition
  readonly resourceApp: ResourceAppDefinition
  readonly input: ProofInput
  readonly resource: string
}

/** `unknown`: never begun, over, or used already; `other-browser`: begun in another, or by another session. */
export type ProofRefusal = 'unknown' | 'other-browser' | 'not-allowed'

/** `to`: where the browser goes next, which may be the sign-in page once more. */
export type ProofReturn =
  | { readonly to: string; readonly cookies: readonly string[] }
  | { readonly refusal: ProofRefusal; readonly cookies: readonly string[] }

export interface ReturnedBrowser {
  readonly request: Request
  /** The redirect URI as it was called, at the address that browsers know */
  readonly answer: URL
  /** The cookie that says for which session this browser may go on */
  readonly cookie: string | undefined
  /** @returns whether the session still is that of somebody who may prove this connection */
  mayGoOn(caller: Caller, app: string): Promise<boolean>
}

export interface Proofs {
  begin(
    wanted: WantedProof,
    context: AdminContext,
  ): Promise<{ readonly proof: Proof; readonly url: string; readonly browser: string }>
  find(id: string): Promise<Proof | undefined>
  finish(browser: ReturnedBrowser): Promise<ProofReturn>
  close(): Promise<void>
}

interface Means extends ProofParts {
  readonly store: ProofStore
  readonly fetch: ProofFetch['fetch']
}

export function createProofs(parts: ProofParts): Proofs {
  const store = createProofStore({ ...parts, store: parts.storage.signIn })
  const { fetch, close } = createProofFetch([parts.baseUrl, parts.issuer])
  const means = { ...parts, store, fetch }
  return {
    begin: (wanted, context) => begin(wanted, context, means),
    find: (id) => store.find(id),
    finish: (browser) => finish(browser, means),
    close,
  }
}

async function begin(
  { connection, resourceApp, input, resource }: WantedProof,
  context: AdminContext,
  means: Means,
) {
  const nowMs = means.clock.nowMs()
  const proof: Proof = {
    id: newProofId(),
    connection: connection.id,
    state: 'waiting',
    by: context.caller.id,
    startedAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + RUN_SECONDS * 1000).toISOString(),
    steppedUp: false,
    legs: [],
  }
  const run: ProofRun = {
    proof: proof.id,
    connection: connection.id,
    app: connection.app,
    clientIdThere: connection.clientId ?? connection.app,
    audience: resourceApp.issuer,
    resource,
    scope: input.scope ?? connection.scopes,
    dpop: connection.conditions?.dpop === 'required',
    call: input.call,
    credential: input.credential,
    atResource: input.atResource,
    caller: context.caller,
    nonce: oidc.randomNonce(),
    codeVerifier: oidc.randomPKCECodeVerifier(),
    steppedUp: false,
  }
  await record(means, context, run, 'proof_started', {
    proof: run.proof,
    resource,
    scope: run.scope,
    redeems: run.atResource !== undefined,
  })
  await means.store.save(proof)
  const url = await leave(run, {}, means)
  return { proof, url, browser: nameBrowser(means, context.caller.session ?? '') }
}

/** Keeps the run. @returns the authorization request to go on with */
async function leave(
  run: ProofRun,
  extra: Readonly<Record<string, string>>,
  { store, signIn, redirectUri }: Means,
): Promise<string> {
  const { authorization_endpoint: endpoint } = await signIn.metadata()
  const url = new URL(String(endpoint))
  const parameters = {
    client_id: run.app,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    prompt: 'login',
    state: await store.keepRun(run),
    nonce: run.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(run.codeVerifier),
    code_challenge_method: 'S256',
    ...extra,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** What the browser of a session shows when it comes back, since from another site it does so without its session. */
function nameBrowser({ sealing }: Pick<Means, 'sealing'>, session: string): string {
  return sealing.keyedDigest('connection-proof-browser', session)
}

async function finish(browser: ReturnedBrowser, means: Means): Promise<ProofReturn> {
  const state = browser.answer.searchParams.get('state') ?? ''
  const run = await means.store.findRun(state)
  const refusal = await findRefusal(run, browser, means)
  // A code that is not ours to use is nobody's: it falls with the sign-in that it came of.
  if (run === undefined || refusal !== undefined || !(await means.store.takeRun(state)))
    return { refusal: refusal ?? 'unknown', cookies: (await means.signIn.endTrial(browser.request)).cookies }
  const going = await goOn(run, state, { browser, means })
  if ('again' in going) return { to: going.again, cookies: [] }
  const { cookies, userId } = await means.signIn.endTrial(browser.request)
  await conclude(run, browser, { ...going.outcome, user: going.outcome.user ?? userId }, means)
  return {
    to: `/admin/connections/${encodeURIComponent(run.connection)}/prove?run=${run.proof}`,
    cookies,
  }
}

async function findRefusal(
  run: ProofRun | undefined,
  { cookie, mayGoOn }: ReturnedBrowser,
  means: Means,
): Promise<ProofRefusal | undefined> {
  if (run === undefined) return 'unknown'
  const { session } = run.caller
  if (session === undefined || cookie !== nameBrowser(means, session)) return 'other-browser'
  return (await mayGoOn(run.caller, run.app)) ? undefined : 'not-allowed'
}

interface Outcome {
  readonly legs: readonly ProofLeg[]
  readonly user?: string | undefined
  readonly accessTokenEndsAt?: string | undefined
}

interface Going {
  readonly browser: ReturnedBrowser
  readonly means: Means
}

/** @returns what came of it, or where somebody has to sign in once more, stronger or anew */
async function goOn(
  run: ProofRun,
  state: string,
  { browser, means }: Going,
): Promise<{ readonly outcome: Outcome } | { readonly again: string }> {
  await keepRunning(run, means)
  try {
    const { issuer, fetch } = means
    const nowMs = () => means.clock.nowMs()
    const client = { id: run.app, auth: toClientAuth(run.credential) }
    const { answer } = browser
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
        : await takeBack({
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
  means: Means,
): Promise<string> {
  const codeVerifier = oidc.randomPKCECodeVerifier()
  const next = { ...run, nonce: oidc.randomNonce(), codeVerifier, steppedUp: true }
  await update(run.proof, means, {
    state: 'waiting',
    steppedUp: true,
    expiresAt: fromNow(means, RUN_SECONDS),
  })
  return leave(next, wanted, means)
}

function keepRunning(run: ProofRun, means: Means): Promise<void> {
  return update(run.proof, means, { state: 'running', expiresAt: fromNow(means, LEGS_SECONDS) })
}

async function update(id: string, { store }: Means, change: Partial<Proof>): Promise<void> {
  const proof = await store.find(id)
  if (proof !== undefined) await store.save({ ...proof, ...change })
}

function fromNow({ clock }: Means, seconds: number): string {
  return new Date(clock.nowMs() + seconds * 1000).toISOString()
}

async function conclude(
  run: ProofRun,
  { request }: ReturnedBrowser,
  { legs, user, accessTokenEndsAt }: Outcome,
  means: Means,
): Promise<void> {
  const context = {
    caller: run.caller,
    reason: undefined,
    ifMatch: undefined,
    headers: request.headers,
    ip: undefined,
  }
  await record(means, context, run, 'proof_finished', {
    proof: run.proof,
    legs: Object.fromEntries(legs.map(({ leg, outcome }) => [leg, outcome])),
    decisions: legs.flatMap(({ decision }) => decision ?? []),
    ...(user === undefined ? {} : { user }),
  })
  await update(run.proof, means, {
    state: 'done',
    finishedAt: fromNow(means, 0),
    legs: [...legs],
    ...(user === undefined ? {} : { user }),
    ...(accessTokenEndsAt === undefined ? {} : { accessTokenEndsAt }),
  })
}

async function record(
  { storage, clock }: Means,
  context: AdminContext,
  { connection }: ProofRun,
  what: 'proof_started' | 'proof_finished',
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  const event = buildAdminEvent(context, clock.nowMs(), {
    type: `connection.${what}`,
    category: 'connection',
    target: { kind: 'connection', id: connection },
    change,
  })
  await storage.ledger.commit({ log: ADMIN_LOG, event })
}
