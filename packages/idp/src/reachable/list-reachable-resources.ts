// The endpoint where a client learns what it may request for the user of a subject token (not in any specification
// yet). It issues nothing. Client and user are authenticated as at the token endpoint, whose evaluator decides what is
// reachable.
import {
  answerFault,
  answerRefusal,
  type AuditEvent,
  buildAuditEvent,
  createRateLimit,
  type Endpoint,
  findTraceId,
  type Form,
  type JsonAnswer,
  newId,
  readForm,
  renderAnswer,
  renderUnread,
  runSteps,
  type TokenRequest,
} from '@crosswalk/as-core'
import { type Reachable, stepReachable, type SubjectFact } from '@crosswalk/policy'
import { type ClientFact, TOKEN_TYPE, WIRE_DESCRIPTION } from '@crosswalk/protocol'

import type { ExchangeDependencies } from '../grants/token-exchange/dependencies.ts'
import { findSignIn, observeSubject } from '../grants/token-exchange/observe-subject.ts'
import { findUser } from '../grants/token-exchange/token-exchange-grant.ts'

export const REACHABLE_PATH = '/reachable-resources'

/** Metadata member with the URL of the endpoint; a name of ours, because no specification defines one. */
export const REACHABLE_MEMBER = 'crosswalk_reachable_resources_endpoint'

/** Per client: enough to call whenever a user signs in, too few to poll for changes. */
const REQUESTS_PER_MINUTE = 60

/** Only the token endpoint consumes single-use tokens, so that asking here does not spend an assertion. */
const SUBJECT_TOKEN_TYPES: readonly (string | undefined)[] = [TOKEN_TYPE.idToken, TOKEN_TYPE.refreshToken]

export interface ReachableParts {
  /** Includes a `dpop` observer for this endpoint. It demands no nonces, because nothing is issued here. */
  readonly deps: ExchangeDependencies
  onFault(fault: unknown, reference: string): void
}

export function createReachableEndpoint(parts: ReachableParts): Endpoint {
  const { clock } = parts.deps
  const limit = createRateLimit(REQUESTS_PER_MINUTE, { clock, scope: 'reachable' })
  return async (request, ip) => {
    const decisionId = newId('dec')
    try {
      const form = await readForm(request)
      if (!form.accepted) return renderUnread(form.refusal)
      const answer = await list(
        {
          form: form.value,
          headers: request.headers,
          decisionId,
          traceId: findTraceId(request.headers) ?? newId('trc'),
          receivedAtMs: parts.deps.clock.nowMs(),
          ip,
        },
        { ...parts, countOf: (clientId) => limit?.count(clientId) },
      )
      return render(answer)
    } catch (fault) {
      parts.onFault(fault, decisionId)
      return render(answerFault(fault))
    }
  }
}

/** No decision is recorded here, so the response names none. */
function render(answer: JsonAnswer): Response {
  const response = renderAnswer(answer, '')
  response.headers.delete('crosswalk-decision')
  return response
}

function refuse(http: number, error: keyof typeof WIRE_DESCRIPTION): JsonAnswer {
  return { http, body: { error, error_description: WIRE_DESCRIPTION[error] } }
}

interface Listing extends ReachableParts {
  countOf(clientId: string): number | undefined
}

async function list(request: TokenRequest, { deps, countOf }: Listing): Promise<JsonAnswer> {
  if (request.form.repeated.length > 0) return refuse(400, 'invalid_request')
  const { fact: client, replayKeys, retryAfterSeconds } = await deps.clients.observe(request)
  const { fact: dpop, replayKey } = deps.dpop.observe(request)
  const subject = await observe(request.form, { request, client, dpop }, deps)
  const userId = findSignIn(subject)?.userId
  const { countsGrants } = deps.snapshot().rules
  if (countsGrants) await deps.volume.catchUp(request.receivedAtMs)
  const snapshot = deps.snapshot()
  const wait = client.state === 'authenticated' ? countOf(client.clientId) : undefined
  const steps = stepReachable(
    {
      decisionId: request.decisionId,
      traceId: request.traceId,
      nowMs: request.receivedAtMs,
      mode: 'simulated',
      client,
      describedApp:
        client.state === 'authenticated' ? deps.describedApps?.findForExchange(client.clientId) : undefined,
      dpop,
      request: NOTHING_ASKED,
      subject,
      user: userId === undefined ? undefined : await findUser(userId, deps),
      ip: request.ip,
      retryAfterSeconds: wait ?? retryAfterSeconds,
      volumeLastHour:
        countsGrants && client.state === 'authenticated' && userId !== undefined
          ? deps.volume.count(client.clientId, userId, request.receivedAtMs)
          : undefined,
    },
    snapshot,
  )
  const answer = await runSteps(steps)
  if (answer.state === 'refused') return answerRefusal(answer, request)
  const used = await deps.events.record(
    buildEvent(request, client, { userId: answer.userId, found: answer.items.length }),
    [...replayKeys, ...(replayKey === undefined ? [] : [replayKey])],
  )
  if (used !== undefined)
    return used.kind === 'dpop' ? refuse(400, 'invalid_dpop_proof') : refuse(401, 'invalid_client')
  const names = new Map([...snapshot.resourceApps].map(([id, { name }]) => [id, name]))
  return {
    http: 200,
    body: {
      resources: answer.items.map((item) => renderItem(item, names.get(item.resourceApp))),
      complete: answer.complete,
    },
  }
}

const NOTHING_ASKED = {
  audience: [],
  resource: [],
  hasSubjectToken: true,
  hasActorToken: false,
  problems: [],
}

async function observe(
  form: Form,
  question: Parameters<typeof observeSubject>[0],
  deps: ExchangeDependencies,
): Promise<SubjectFact> {
  if (!SUBJECT_TOKEN_TYPES.includes(form.get('subject_token_type'))) return { kind: 'none' }
  return observeSubject(question, deps)
}

function renderItem(
  { audience, resource, scopes, afterStepUp, needsDpop }: Reachable,
  name: string | undefined,
): Readonly<Record<string, unknown>> {
  return {
    ...(name === undefined ? {} : { name }),
    audience,
    ...(resource === undefined ? {} : { resource }),
    scope: scopes.join(' '),
    ...(afterStepUp.length === 0
      ? {}
      : {
          step_up: afterStepUp.map(({ scopes: opened, acrValues, maxAgeSeconds }) => ({
            scope: opened.join(' '),
            ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
            ...(maxAgeSeconds === undefined ? {} : { max_age: maxAgeSeconds }),
          })),
        }),
    ...(needsDpop ? { dpop_required: true } : {}),
  }
}

function buildEvent(
  { receivedAtMs, traceId, ip }: TokenRequest,
  client: ClientFact,
  { userId, found }: { readonly userId: string; readonly found: number },
): AuditEvent {
  return buildAuditEvent(receivedAtMs, {
    type: 'reachable.listed',
    category: 'decision',
    severity: 'info',
    outcome: 'success',
    actor: { kind: 'app', id: client.clientId ?? '' },
    on_behalf_of: { user_ref: userId },
    change: { found },
    trace_id: traceId,
    source: { interface: 'protocol', ...(ip === undefined ? {} : { ip }) },
  })
}
