// A request that nobody made, decided by the evaluator and the definitions of the token endpoint. It issues nothing;
// that it was asked is recorded.
import { type SimulationInput, toEpochMs } from '@crosswalk/admin-api'
import { type AuditEvent, newId } from '@crosswalk/authorization-server'
import {
  addNearestYes,
  type AssumedExchange,
  assumeExchange,
  evaluateExchange,
  type ExchangeSnapshot,
  type Person,
} from '@crosswalk/policy'
import { type AppDefinition, type DecisionRecord, isAllowedClientMetadataUrl } from '@crosswalk/protocol'

import { ADMIN_LOG, buildAdminEvent } from './change-event.ts'
import type { AdminContext, Handlers } from './context.ts'
import { showDecision } from './decision-tiers.ts'
import { findUserIn } from './decisions.ts'
import { type AskedWorld, findWorld, type WorldChoice } from './other-world.ts'
import type { AdminParts } from './parts.ts'
import { buildProblem, isProblem } from './problem.ts'
import { isInScope } from './scope.ts'
import { countVolume } from './count-volume.ts'

/** Stands for the thumbprint of a key that is not there. */
const ASSUMED_KEY = 'assumed'

export function createSimulateHandler(parts: AdminParts): Handlers['simulate'] {
  return async ({ body }, context) => {
    const { caller } = context
    if (!isInScope(caller, 'connections', { app: body.app }))
      return buildProblem('forbidden', { detail: 'Your token is about other apps.' })
    const world = await findWorld(parts, body, caller)
    if (isProblem(world)) return world
    const record = await simulate(parts, body, world)
    const event = buildSimulationEvent(context, parts.clock.nowMs(), { record, choice: body })
    await parts.storage.ledger.commit({ log: ADMIN_LOG, event })
    return { status: 200, body: showDecision(record, caller) }
  }
}

async function simulate(
  parts: AdminParts,
  { draft: _, asOf, ...input }: SimulationInput,
  world: AskedWorld,
): Promise<DecisionRecord> {
  const userId = await findUserIn(world, input.user)
  const user = world.people.get(userId)
  const snapshot = world.exchange
  const describedApp = describeApp(parts, input.app)
  const at = input.at ?? asOf
  const nowMs = at === undefined ? parts.clock.nowMs() : toEpochMs(at)
  const volumeLastHour = await countVolume(parts, snapshot, { app: input.app, user: userId, nowMs })
  return simulateExchange({ input, userId, user, snapshot, nowMs, describedApp, volumeLastHour })
}

/**
 * An app that describes itself, as the configuration takes it; its document is not read: it is taken to have keys and
 * the grant type.
 */
export function describeApp({ configuration }: AdminParts, id: string): AppDefinition | undefined {
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
  readonly user: Person | undefined
  readonly snapshot: ExchangeSnapshot
  readonly nowMs: number
  /** Where the app is one that describes itself */
  readonly describedApp?: AppDefinition | undefined
  /** By `countVolume` */
  readonly volumeLastHour: number | undefined
}

/** @returns the record, `mode: "simulated"`, with its nearest yes where it is a refusal */
export function simulateExchange(parts: SimulatedExchange): DecisionRecord {
  const { input, userId, user, snapshot } = parts
  const nowMs = input.at === undefined ? parts.nowMs : toEpochMs(input.at)
  const { authTime, acr, dpop, ip, authorizationDetails } = input
  return simulateAssumed(
    {
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
      dpopThumbprint: typeof dpop === 'object' ? dpop.jkt : dpop === true ? ASSUMED_KEY : undefined,
      ip,
      actor: input.actor,
      describedApp: parts.describedApp,
      volumeLastHour: parts.volumeLastHour,
    },
    snapshot,
  )
}

/** The same of a request that is known in the terms of the evaluator. */
export function simulateAssumed(
  assumed: Omit<AssumedExchange, 'decisionId' | 'traceId' | 'mode'>,
  snapshot: ExchangeSnapshot,
): DecisionRecord {
  const ids = { decisionId: newId('dec'), traceId: newId('trc') }
  const facts = assumeExchange({ ...assumed, ...ids, mode: 'simulated' }, snapshot)
  return addNearestYes(evaluateExchange(facts, snapshot), facts, snapshot)
}

function buildSimulationEvent(
  context: AdminContext,
  nowMs: number,
  { record, choice: { asOf, draft } }: { readonly record: DecisionRecord; readonly choice: WorldChoice },
): AuditEvent {
  const change = {
    ...(asOf === undefined ? {} : { as_of: asOf }),
    ...(draft === undefined ? {} : { draft: true }),
  }
  const { resource_app: resourceApp, connection } = record.resolution
  const { subject } = record.request
  return {
    ...buildAdminEvent(context, nowMs, {
      type: 'simulation.run',
      category: 'decision',
      severity: 'info',
      ...(resourceApp === undefined ? {} : { target: { kind: 'resource_app', id: resourceApp } }),
      ...(connection === undefined ? {} : { delegation: { connection } }),
      ...(subject?.ref === undefined ? {} : { on_behalf_of: { user_ref: subject.ref } }),
      ...(Object.keys(change).length === 0 ? {} : { change }),
    }),
    outcome: record.outcome,
    code: record.code,
    kind: record.kind,
    decision_id: record.decision_id,
    trace_id: record.trace_id,
    decision: record,
  }
}
