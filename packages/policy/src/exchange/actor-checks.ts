// The actor besides the user: proved by an actor token if the actor profile is enabled, or the agent itself if agents
// are named. It gains no rights by that; the connection states who may act over it (ACT-03, ACT-04).
import {
  type AppDefinition,
  attributeActors,
  buildActor,
  type Chain,
  findActorProblem,
  findActorTokenProblem,
  isVerified,
  listActorIssuers,
  readActor,
  TOKEN_TYPE,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ActorFact, ExchangeFacts } from '../exchange-facts.ts'
import type { Connection, ExchangeSnapshot } from '../exchange-snapshot.ts'
import { findChain } from './chain-checks.ts'
import { findRequestingApp } from './requesting-app.ts'

const REFUSED = 'XAA1010'

/** @returns the app proved to be the actor; undefined if none was named, or if it is refused */
export function checkActor(
  list: Checklist,
  { request, actor, client, nowMs }: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): AppDefinition | undefined {
  const id = 'request.actor'
  if (!request.hasActorToken) {
    list.notApplicable(id)
    return undefined
  }
  if (snapshot.actorProfile !== 'enabled') {
    list.fail(id, 'XAA1005', { expected: 'no actor_token' })
    return undefined
  }
  const issuer = actor?.token?.state === 'read' ? actor.token.claims.iss : undefined
  const app = typeof issuer === 'string' ? snapshot.apps.get(issuer) : undefined
  const expected = {
    issuer: snapshot.issuer,
    clientId: client.clientId ?? '',
    now: nowMs / 1000,
    clockSkewSeconds: snapshot.clockSkewSeconds,
  }
  const problem = findTokenProblem(actor, app, expected)
  const [code, actual] = problem ?? []
  if (code === undefined) list.pass(id, { ref: app?.id })
  else list.fail(id, code, { actual })
  return problem === undefined ? app : undefined
}

/** @returns the keys by which the app proves that it is the actor; those of a SPIFFE trust domain belong to many apps */
export function findActorKeys({
  active,
  auth,
}: Pick<AppDefinition, 'active' | 'auth'>): ActorKeys | undefined {
  return active && auth.method === 'private_key_jwt' && auth.spiffeId === undefined ? auth : undefined
}

type ActorKeys = Extract<AppDefinition['auth'], { method: 'private_key_jwt' }>

type TokenProblem = readonly [code: XaaCode, actual: string]

function findTokenProblem(
  actor: ActorFact | undefined,
  app: AppDefinition | undefined,
  expected: Parameters<typeof findActorTokenProblem>[1],
): TokenProblem | undefined {
  if (actor?.token === undefined) return [REFUSED, 'actor_token and actor_token_type go together']
  if (actor.tokenType !== TOKEN_TYPE.jwt) return [REFUSED, `actor_token_type other than ${TOKEN_TYPE.jwt}`]
  const { token } = actor
  if (token.state === 'unreadable') return [REFUSED, token.detail]
  if (app?.active !== true) return [REFUSED, 'iss is not an enabled app']
  if (findActorKeys(app) === undefined) return [REFUSED, 'iss is an app without a key']
  const { signature, keyProblem } = token
  if (signature !== 'valid')
    return [
      signature === 'keys-unreachable' ? 'XAA1106' : REFUSED,
      keyProblem === undefined ? `signature ${signature}` : `signature ${signature}: ${keyProblem}`,
    ]
  if (actor.replayed) return [REFUSED, 'already used']
  const problem = findActorTokenProblem({ typ: token.typ, claims: token.claims }, expected)
  return problem === undefined ? undefined : [REFUSED, problem]
}

/** Whether the connection allows the client to bring this actor, and the actor to act for its users. */
export function checkActorAllowed(
  list: Checklist,
  actor: AppDefinition | undefined,
  connection: Connection | undefined,
): void {
  if (actor === undefined) return
  const id = 'connection.actor'
  if (connection === undefined) list.skip([id], 'connection.exists')
  else if (connection.actors?.includes(actor.id) === true) list.pass(id, { actual: actor.id })
  else list.fail(id, 'XAA1408', { expected: connection.actors ?? [], actual: actor.id })
}

/** @returns the `act` claim to issue, built from what was proved; undefined if there is none */
export function describeActor(
  list: Checklist,
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
  actor: AppDefinition | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const chain = findChain(facts.subject)
  const before = chain === undefined ? readActorsOfIdToken(facts.subject) : nameChain(chain, facts, snapshot)
  const app = actor ?? (chain === undefined ? findNamedAgent(facts, snapshot) : undefined)
  const act = app === undefined ? before : buildActor({ issuer: snapshot.issuer, app, before })
  const problem = findActorProblem(act) ?? findForgedActor(before, facts.subject)
  if (problem !== undefined)
    list.fail('actor', chain === undefined ? REFUSED : 'XAA1409', { actual: problem })
  return problem === undefined ? (act as Readonly<Record<string, unknown>> | undefined) : undefined
}

function readActorsOfIdToken(subject: ExchangeFacts['subject']): unknown {
  if (subject.kind === 'id_token' && isVerified(subject.token)) return subject.token.claims.act
  return subject.kind === 'upstream_id_token' && isVerified(subject.token)
    ? attributeActors(subject.token.claims.act, String(subject.token.claims.iss))
    : undefined
}

/** Another provider names its own actors only, never an app of ours (ACT-04). */
function findForgedActor(act: unknown, subject: ExchangeFacts['subject']): string | undefined {
  if (subject.kind !== 'upstream_id_token' || subject.token.state !== 'read') return undefined
  const { iss } = subject.token.claims
  return listActorIssuers(act).every((one) => one === iss) ? undefined : 'an actor of another issuer'
}

/**
 * A chain names each app: the one that received the access token, unless the token names it already, and the one that
 * exchanges it. Earlier actors stay nested within (ACT-08).
 */
function nameChain(
  { hops, act }: Chain,
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): Readonly<Record<string, unknown>> | undefined {
  const { issuer, apps } = snapshot
  const caller = hops.at(-1)?.app ?? ''
  const named = readActor(act)
  const isNamed = named?.ref === caller && named.issuer === issuer
  const before = isNamed ? act : buildActor({ issuer, app: apps.get(caller) ?? { id: caller }, before: act })
  const app = findRequestingApp(facts, snapshot)
  return app === undefined ? before : buildActor({ issuer, app, before })
}

/** A public client only claims its identity, which proves nothing. An actor token names another app as the one that acts. */
function findNamedAgent(facts: ExchangeFacts, snapshot: ExchangeSnapshot): AppDefinition | undefined {
  const { client, request } = facts
  if (snapshot.nameAgents !== true || request.hasActorToken) return undefined
  if (client.state !== 'authenticated' || client.method === 'none') return undefined
  const app = findRequestingApp(facts, snapshot)
  return app?.kind === 'agent' ? app : undefined
}
