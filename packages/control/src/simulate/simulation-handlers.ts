// Handlers whose cost depends on the caller's input; the expensive ones run in a separate thread.
import type { EvaluatedRoute } from '../evaluator/messages.ts'
import type { Handlers } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { EvaluatePart } from '../evaluator/evaluator.ts'
import { createReachHandlers, isLongReach } from './reach.ts'
import { needsEvaluator } from './select-world.ts'
import { createSimulateHandler } from './simulate.ts'
import { createMatrixHandler } from './simulation-matrix.ts'

export function createSimulationHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing' | 'hasher'> & EvaluatePart,
): Pick<Handlers, Exclude<EvaluatedRoute, 'configuration.plan' | 'explain'>> {
  const simulate = createSimulateHandler(parts)
  const matrix = createMatrixHandler(parts)
  const reach = createReachHandlers(parts)
  return {
    simulate: (request, context) =>
      needsEvaluator(request.body)
        ? parts.evaluate('simulate', request, context)
        : simulate(request, context),
    'simulate.matrix': (request, context) =>
      needsEvaluator(request.body)
        ? parts.evaluate('simulate.matrix', request, context)
        : matrix(request, context),
    'reach.who': async (request, context) =>
      (await isLongReach(parts, request.query))
        ? parts.evaluate('reach.who', request, context)
        : reach['reach.who'](request, context),
    'reach.what': async (request, context) =>
      (await isLongReach(parts, request.query))
        ? parts.evaluate('reach.what', request, context)
        : reach['reach.what'](request, context),
    replay: (request, context) => parts.evaluate('replay', request, context),
    'replay.report-only': (request, context) => parts.evaluate('replay.report-only', request, context),
    'policies.test': (request, context) => parts.evaluate('policies.test', request, context),
    'policies.test-kept': (request, context) => parts.evaluate('policies.test-kept', request, context),
  }
}
