// Explains a request that was not made, without the audit log. The thread that evaluates drafts loads this file.
import { type Role, ROUTES, type SimulationInput } from '@crosswalk/admin-api'

import { showDecision } from '../audit/decision-tiers.ts'
import type { EvaluationParts } from '../evaluator/parts.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { forbidden, isProblem } from '../http/problem.ts'
import { runSimulation } from './simulate.ts'

export const EXPLANATION_SCHEMA = 'crosswalk.explanation/v1'

const MAY_SIMULATE: readonly Role[] = ROUTES.simulate.roles

export async function explainRequest(
  parts: EvaluationParts,
  request: SimulationInput,
  context: AdminContext,
): ReturnType<Handlers['explain']> {
  if (!MAY_SIMULATE.includes(context.caller.role)) return forbidden('Your role may not simulate.')
  const simulation = await runSimulation(parts, request, context)
  if (isProblem(simulation)) return simulation
  const decisions = [showDecision(simulation.record, context.caller)]
  return { status: 200, body: { schema: EXPLANATION_SCHEMA, decisions } }
}
