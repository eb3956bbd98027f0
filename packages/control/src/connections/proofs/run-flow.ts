// The legs after the ID token, as an app performs them: with the SDK, over HTTP. Reports the result of each leg.
import type { ProofLeg } from '@crosswalk/admin-api'
import {
  type AccessToken,
  type ClientAuth,
  type LegEvent,
  type ResourceAccess,
  StepUpRequired,
  xaa,
  XaaError,
  type XaaOptions,
} from '@crosswalk/client'
import { DECISION_CODES, dropUndefined, parseScope } from '@crosswalk/protocol'
import { needsScope } from '@crosswalk/protocol/vendors'

import type { ProvenClient } from './connect-client.ts'
import { describeFault } from './describe-fault.ts'
import type { ProofFetch } from './proof-fetch.ts'
import type { ProofRun } from './proof-store.ts'

export interface FlowInput extends Pick<
  ProofRun,
  'audience' | 'call' | 'clientIdThere' | 'dpop' | 'resource' | 'scope'
> {
  readonly idp: string
  readonly client: ProvenClient
  readonly idToken: string
  /** Undefined: the run ends with the ID-JAG */
  readonly authThere: ClientAuth | undefined
  readonly fetch: ProofFetch['fetch']
  nowMs(): number
}

export interface FlowResult {
  readonly legs: readonly ProofLeg[]
  readonly accessToken?: AccessToken
  /** Parameters for a new sign-in, if step-up is required */
  readonly stepUp?: Readonly<Record<string, string>>
}

export async function runFlow(input: FlowInput): Promise<FlowResult> {
  const { authThere, audience, resource } = input
  if (authThere === undefined) return withoutRedemption(input)
  const { access, events } = prepare(input, {
    ...{ clientId: input.clientIdThere, auth: authThere, sendScope: needsScope(audience) },
  })
  const { token, fault } = await obtain(access)
  if (isAboutServer(fault, audience)) {
    // Failed discovery stops the SDK before its first request, so prove the IdP leg without it.
    const half = await withoutRedemption(input)
    return { ...half, legs: [...half.legs.slice(0, 1), refuse('redemption', audience, fault)] }
  }
  const exchanged = judge({ leg: 'exchange', server: input.idp, events, fault })
  if (exchanged.outcome === 'refused') return stop([exchanged, skipRedemption(audience)], fault)
  const redeemed = judge({ leg: 'redemption', server: audience, events, fault })
  const legs = [exchanged, redeemed]
  if (token === undefined) return stop(legs, fault)
  if (!input.call) return { legs, accessToken: token }
  const called = await call(access, { resource, events })
  return { ...stop([...legs, called.leg], called.fault), accessToken: token }
}

/** Stops the SDK before it sends the ID-JAG on. */
class NotSentOn extends Error {}

async function withoutRedemption(input: FlowInput): Promise<FlowResult> {
  const { audience } = input
  const { access, events } = prepare(input, {
    clientId: input.clientIdThere,
    // Set explicitly to skip discovery; no request is sent to it.
    tokenEndpoint: audience,
    auth: {
      kind: 'none',
      async build() {
        throw new NotSentOn()
      },
    },
  })
  const { fault } = await obtain(access)
  const refusal = fault instanceof NotSentOn ? undefined : fault
  const exchanged = judge({ leg: 'exchange', server: input.idp, events, fault: refusal })
  return stop([exchanged, skipRedemption(audience)], refusal)
}

type Registration = NonNullable<XaaOptions['resources']>[string]

function prepare(input: FlowInput, registration: Registration) {
  const { idp, client, audience, resource, scope, idToken, dpop, fetch, nowMs } = input
  const events: LegEvent[] = []
  const agent = xaa({
    idp,
    client,
    resources: { [audience]: registration },
    dpop,
    fetch,
    nowMs,
    onLeg: (event) => events.push(event),
  })
  const access = agent
    .as({ getSubjectToken: () => idToken })
    .at(resource, { scope, authorizationServer: audience })
  return { access, events }
}

async function obtain(access: ResourceAccess): Promise<{ token?: AccessToken; fault?: unknown }> {
  try {
    return { token: await access.token() }
  } catch (fault) {
    return { fault }
  }
}

function isAboutServer(fault: unknown, server: string): fault is XaaError {
  return fault instanceof XaaError && fault.leg === 'discovery' && fault.server === server
}

interface Judged {
  readonly leg: 'exchange' | 'redemption'
  readonly server: string
  readonly events: readonly LegEvent[]
  readonly fault: unknown
}

/** A leg is done if it got a response and the flow did not fail at it. */
function judge({ leg, server, events, fault }: Judged): ProofLeg {
  const event = events.findLast((one) => one.leg === leg)
  if (event === undefined || (fault instanceof XaaError && fault.leg === leg))
    return refuse(leg, server, fault)
  return { leg, outcome: 'done', server, ...describeEvent(event) }
}

function describeEvent({ status, scope, decisionId, claims, ms }: LegEvent): Partial<ProofLeg> {
  const granted = parseScope(scope ?? (typeof claims?.['scope'] === 'string' ? claims['scope'] : ''))
  return {
    ...dropUndefined({ status, decision: decisionId }),
    ...(granted.accepted && granted.value.length > 0 ? { scope: [...granted.value] } : {}),
    ms: Math.round(ms),
  }
}

function refuse(leg: ProofLeg['leg'], server: string, fault: unknown): ProofLeg {
  if (!(fault instanceof XaaError)) return { leg, outcome: 'refused', server, problem: describeFault(fault) }
  const { code, status, oauthError, decisionId, hint, evidence, cause } = fault
  const seen = cause === undefined ? evidence : describeFault(cause)
  return {
    leg,
    outcome: 'refused',
    server,
    code,
    problem: [DECISION_CODES[code].meaning, seen].filter(Boolean).join(': '),
    fix: hint,
    ...dropUndefined({ status, error: oauthError, decision: decisionId }),
  }
}

function skipRedemption(server: string): ProofLeg {
  return { leg: 'redemption', outcome: 'skipped', server }
}

function stop(legs: readonly ProofLeg[], fault: unknown): FlowResult {
  return fault instanceof StepUpRequired ? { legs, stepUp: fault.signInParameters } : { legs }
}

interface Called {
  readonly leg: ProofLeg
  readonly fault?: unknown
}

/** The call tests the token: even a 404 shows that the API accepted it. */
async function call(
  access: ResourceAccess,
  { resource, events }: { readonly resource: string; readonly events: readonly LegEvent[] },
): Promise<Called> {
  try {
    const response = await access.fetch(resource)
    await response.body?.cancel()
    const event = events.findLast(({ leg }) => leg === 'resource')
    const { status } = response
    if (status >= 500)
      return {
        leg: {
          leg: 'resource',
          outcome: 'refused',
          server: resource,
          status,
          problem: 'The resource returned a server error.',
        },
      }
    return {
      leg: { leg: 'resource', outcome: 'done', server: resource, status, ms: Math.round(event?.ms ?? 0) },
    }
  } catch (fault) {
    return { leg: refuse('resource', resource, fault), fault }
  }
}
