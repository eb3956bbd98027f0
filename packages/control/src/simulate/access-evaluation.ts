// Answers AuthZEN access evaluations with the simulator: for a user, scope and resource identifier, through the app in
// the context. The caller's role decides how much of the reason is returned, as for any decision.
import type { AccessEvaluated, SimulationInput } from '@crosswalk/admin-api'
import type { ExchangeSnapshot } from '@crosswalk/policy'
import { dropUndefined, type DecisionRecord } from '@crosswalk/protocol'

import type { Handlers } from '../http/context.ts'
import { showDecision } from '../audit/decision-tiers.ts'
import type { Parts } from '../parts.ts'
import { isProblem, noIdentityProvider, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { runSimulation } from './simulate.ts'

type Evaluation = Parameters<Handlers['access.evaluate']>[0]['body']

export function createEvaluationHandler(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing' | 'hasher'>,
): Handlers['access.evaluate'] {
  return async ({ body }, context) => {
    const { exchange } = parts.directory.current()
    if (exchange === undefined) return noIdentityProvider()
    const target = findTarget(body, exchange)
    if (isProblem(target)) return target
    const input = readQuestion(body, target)
    const simulation = await runSimulation(parts, input, context)
    if (isProblem(simulation)) return simulation
    const asked = body.action.name.split(' ').filter((scope) => scope !== '')
    const requestId = context.headers.get('x-request-id')
    return {
      status: 200,
      // Required by the specification, so that both sides can correlate request and response.
      headers: requestId === null ? {} : { 'x-request-id': requestId },
      body: renderEvaluated(showDecision(simulation.record, context.caller), asked),
    }
  }
}

type Target = Pick<SimulationInput, 'audience' | 'resource'>

/** An unknown resource is evaluated anyway, and denied as at the token endpoint. */
function findTarget(
  { resource: { id }, context: { audience } }: Evaluation,
  { resourceApps }: ExchangeSnapshot,
): Target | Problem {
  const alone = resourceApps.get(id)
  if (alone?.resources.length === 0) return { audience: audience ?? alone.issuer }
  if (audience !== undefined) return { audience, resource: id }
  const having = [...resourceApps.values()].filter(({ resources }) => resources.some((one) => one.id === id))
  const issuers = [...new Set(having.map(({ issuer }) => issuer))]
  if (issuers.length > 1)
    return invalidRequest([
      { path: '/context/audience', problem: `is needed: ${issuers.join(' and ')} both have this resource` },
    ])
  return { audience: issuers[0] ?? id, resource: id }
}

function readQuestion({ subject, action, context }: Evaluation, target: Target): SimulationInput {
  const { app, at, acr, authTime, dpop, ip } = context
  return { ...target, app, user: subject.id, scope: action.name, at, acr, authTime, dpop, ip }
}

function renderEvaluated(record: DecisionRecord, asked: readonly string[]): AccessEvaluated {
  const { decision_id: id, outcome, code, summary, granted, wire } = record
  return {
    // Granting only part of the requested scopes is not an allow.
    decision: outcome === 'allow' && asked.every((scope) => granted?.scope.includes(scope)),
    context: {
      id,
      outcome,
      code,
      reason_admin: { en: summary.admin },
      reason_user: { en: summary.user },
      ...(granted === null ? {} : { granted_scope: granted.scope.join(' ') }),
      ...dropUndefined({ acr_values: wire.acr_values, max_age: wire.max_age }),
    },
  }
}
