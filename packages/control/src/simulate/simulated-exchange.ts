// A hypothetical exchange in the terms of the evaluator, with defaults for open inputs as the admin API documents them.
// Access checks and logging happen elsewhere.
import { type SimulationInput, toEpochMs } from '@crosswalk/admin-api'
import { newId } from '@crosswalk/as-core'
import {
  ASSUMED_KEY,
  addNearestAllow,
  type AssumedExchange,
  assumeExchange,
  evaluateExchange,
  type ExchangeFacts,
  type ExchangeSnapshot,
  type ExchangeUser,
} from '@crosswalk/policy'
import {
  type AppDefinition,
  type Chain,
  type DecisionRecord,
  isAllowedClientMetadataUrl,
} from '@crosswalk/protocol'

import type { EvaluationParts } from '../evaluator/parts.ts'

/**
 * A client that describes itself by a metadata document, as configured. The document is not read: the client is assumed
 * to have keys and the grant type.
 */
export function describeApp(
  { configuration }: Pick<EvaluationParts, 'configuration'>,
  id: string,
): AppDefinition | undefined {
  const settings = configuration.idp?.clientMetadata
  if (settings === undefined) return undefined
  const allowLoopback = configuration.baseUrl.startsWith('http:')
  if (!isAllowedClientMetadataUrl(id, settings.allow, { allowLoopback })) return undefined
  const { kind, assignments } = settings
  const auth = { method: 'private_key_jwt' as const, jwksUri: id }
  const signIn = { redirectUris: [], postLogoutRedirectUris: [] }
  return { id, name: id, kind, assignments, auth, ...signIn, owners: [], active: true }
}

export interface SimulatedExchange {
  readonly input: Omit<SimulationInput, 'user' | 'asOf' | 'draft'>
  readonly userId: string
  readonly user: ExchangeUser | undefined
  readonly snapshot: ExchangeSnapshot
  readonly nowMs: number
  /** Set for a client with a metadata document */
  readonly describedApp?: AppDefinition | undefined
  /** From `countVolume` */
  readonly volumeLastHour: number | undefined
}

/** A request in the terms of the evaluator. */
export type Assumed = Omit<AssumedExchange, 'decisionId' | 'traceId' | 'mode'>

export function assumeAsked(parts: SimulatedExchange): Assumed {
  const { input, userId, user } = parts
  const nowMs = input.at === undefined ? parts.nowMs : toEpochMs(input.at)
  const { authTime, acr, tokenIssuedAt, dpop, ip, authorizationDetails } = input
  return {
    nowMs,
    app: input.app,
    userId,
    user,
    audience: input.audience,
    resource: input.resource === undefined ? [] : [input.resource].flat(),
    scope: input.scope === undefined ? undefined : [input.scope].flat().join(' '),
    authorizationDetails:
      authorizationDetails === undefined ? undefined : JSON.stringify(authorizationDetails),
    authTime: Math.floor((authTime === undefined ? nowMs : toEpochMs(authTime)) / 1000),
    acr,
    tokenIssuedAt: tokenIssuedAt === undefined ? undefined : Math.floor(toEpochMs(tokenIssuedAt) / 1000),
    dpopThumbprint: typeof dpop === 'object' ? dpop.jkt : dpop === true ? ASSUMED_KEY : undefined,
    ip,
    chain: assumeChain(input, parts.snapshot, nowMs),
    actor: input.actor,
    describedApp: parts.describedApp,
    volumeLastHour: parts.volumeLastHour,
  }
}

const ASSUMED_TOKEN_SECONDS = 3_600

/** Assumes a token just issued over the last connection; an unknown connection is reported as missing. */
function assumeChain(
  { via, viaScope }: SimulatedExchange['input'],
  { connections }: ExchangeSnapshot,
  nowMs: number,
): Chain | undefined {
  if (via === undefined) return undefined
  const walked = via.map((id) => [id, [...connections.values()].find((one) => one.id === id)] as const)
  const carried = walked.at(-1)?.[1]?.scopes ?? []
  return {
    hops: walked.map(([id, one]) => ({
      app: one?.app ?? '',
      resource_app: one?.resourceApp ?? '',
      connection: id,
    })),
    scope: viaScope === undefined ? [...carried] : [viaScope].flat().flatMap((one) => one.split(' ')),
    expires_at: Math.floor(nowMs / 1000) + ASSUMED_TOKEN_SECONDS,
  }
}

/** @returns the record with `mode: "simulated"`, and remedies if it is a denial */
export function simulateExchange(parts: SimulatedExchange): DecisionRecord {
  return simulateAssumed(assumeAsked(parts), parts.snapshot)
}

/** The same for a request already in the terms of the evaluator. */
export function simulateAssumed(assumed: Assumed, snapshot: ExchangeSnapshot): DecisionRecord {
  const facts = factsOf(assumed, snapshot)
  return addNearestAllow(evaluateExchange(facts, snapshot), facts, snapshot)
}

export function factsOf(assumed: Assumed, snapshot: ExchangeSnapshot): ExchangeFacts {
  const ids = { decisionId: newId('dec'), traceId: newId('trc') }
  return assumeExchange({ ...assumed, ...ids, mode: 'simulated' }, snapshot)
}
