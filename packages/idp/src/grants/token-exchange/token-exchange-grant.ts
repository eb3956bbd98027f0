// The token exchange: turns a subject token into an ID-JAG (or an assertion into a refresh token) under administrator
// policy. Defines what is observed, evaluated and issued; `runGrant` defines the order.
import {
  type CallerFacts,
  findRepeated,
  type Grant,
  type ReplayKey,
  type TokenRequest,
} from '@crosswalk/as-core'
import {
  describeWorkload,
  evaluateExchange,
  type ExchangeFacts,
  type ExchangeSnapshot,
  identifyUser,
  type SubjectFact,
} from '@crosswalk/policy'
import { type ClientFact, isVerified } from '@crosswalk/protocol'

import type { ExchangeDependencies } from './dependencies.ts'
import { draftExchange } from './draft-exchange.ts'
import { observeActor } from './observe-actor.ts'
import { findSignIn, observeSubject } from './observe-subject.ts'

/** Parameters that may be sent more than once (RFC 8693 section 2.1, RFC 8707 section 2). */
const MAY_REPEAT = ['audience', 'resource'] as const

export function createTokenExchange(deps: ExchangeDependencies): Grant<ExchangeFacts, ExchangeSnapshot> {
  return {
    snapshot: () => deps.snapshot(),
    // The user is read with the definitions, and must not be older than the definitions they are evaluated with.
    observesDefinitions: true,
    observe: (request, caller) => observeExchange(request, caller, deps),
    observeNow: (facts, { rules }) => (rules.countsGrants ? countVolume(facts, deps) : facts),
    evaluate: evaluateExchange,
    describeRefusal: ({ outcome }) => ({ type: outcome === 'step_up' ? 'idjag.stepup' : 'idjag.denied' }),
    draft: (record, facts, snapshot) => draftExchange(record, { deps, facts, snapshot }),
    withUsed,
  }
}

async function observeExchange(
  request: TokenRequest,
  caller: CallerFacts,
  deps: ExchangeDependencies,
): Promise<ExchangeFacts> {
  const { client, dpop } = caller
  // Before the subject: an app could delay serving its keys until the session it presents has ended.
  const actor = await observeActor({ request, client }, deps.snapshot(), deps.issuerKeys)
  if (deps.snapshot().rules.countsGrants) await deps.volume.catchUp(request.receivedAtMs)
  const subject = await observeSubject({ request, client, dpop }, deps)
  return {
    ...caller,
    describedApp:
      client.state === 'authenticated' ? deps.describedApps?.findForExchange(client.clientId) : undefined,
    request: readRequest(request),
    actor,
    subject,
    user: await findSubject(subject, client, deps),
    accessPage: deps.accessPage(),
  }
}

function readRequest({ form }: TokenRequest): ExchangeFacts['request'] {
  return {
    audience: form.all('audience'),
    resource: form.all('resource'),
    hasSubjectToken: form.get('subject_token') !== undefined,
    hasActorToken: form.get('actor_token') !== undefined || form.get('actor_token_type') !== undefined,
    problems: findRepeated(form, MAY_REPEAT),
    scope: form.get('scope'),
    authorizationDetails: form.get('authorization_details'),
    requestedTokenType: form.get('requested_token_type'),
    subjectTokenType: form.get('subject_token_type'),
  }
}

/** The user of a token; only trusted if the token was verified. */
function findUserId(subject: SubjectFact): string | undefined {
  if (subject.kind === 'id_token')
    return (
      subject.session?.userId ?? (isVerified(subject.token) ? String(subject.token.claims.sub) : undefined)
    )
  return findSignIn(subject)?.userId
}

async function findSubject(
  subject: SubjectFact,
  client: ClientFact,
  { users, snapshot }: ExchangeDependencies,
): Promise<ExchangeFacts['user']> {
  const id = findUserId(subject)
  if (subject.kind !== 'workload') return id === undefined ? undefined : findUser(id, { users, snapshot })
  const app = snapshot().apps.get(client.clientId ?? '')
  return app === undefined || id === undefined ? undefined : describeWorkload(app)
}

/** @returns the user, with other users that a resource could mistake for them */
export async function findUser(
  id: string,
  { users, snapshot }: Pick<ExchangeDependencies, 'users' | 'snapshot'>,
): Promise<ExchangeFacts['user']> {
  const user = await users.findById(id)
  return user && identifyUser(user, snapshot().comparedSources, users.findByValue)
}

/** Runs right before the evaluation, so that grants made during the observation count. */
function countVolume(facts: ExchangeFacts, { volume }: ExchangeDependencies): ExchangeFacts {
  const { client, subject, nowMs } = facts
  const userId = findUserId(subject)
  if (client.state !== 'authenticated' || userId === undefined) return facts
  const { clientId } = client
  return {
    ...facts,
    volumeLastHour: volume.count(clientId, userId, nowMs),
    volumeWaitSeconds: (limit) => volume.waitSeconds(clientId, userId, { nowMs, limit }),
  }
}

function withUsed(facts: ExchangeFacts, { kind }: ReplayKey): ExchangeFacts {
  const { subject, actor } = facts
  if (kind === 'saml' && subject.kind === 'saml') return { ...facts, subject: { ...subject, replayed: true } }
  if (kind === 'actor-token' && actor !== undefined) return { ...facts, actor: { ...actor, replayed: true } }
  throw new TypeError(`a token exchange consumes no replay key of kind ${kind}`)
}
