// Handlers whose cost depends on the caller's input; those with drafts run in a separate thread.
import type { EvaluatedRoute } from '../evaluator/messages.ts'
import type { Handlers } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { EvaluatePart } from '../evaluator/evaluator.ts'
import { createSimulateHandler } from './simulate.ts'
import { createMatrixHandler } from './simulation-matrix.ts'

export function createSimulationHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing' | 'hasher'> & EvaluatePart,
): Pick<Handlers, Exclude<EvaluatedRoute, 'configuration.plan'>> {
  const simulate = createSimulateHandler(parts)
  const matrix = createMatrixHandler(parts)
  return {
    // Current definitions were limited when they were saved; each unknown input multiplies the evaluations.
    simulate: (request, context) =>
      request.body.draft === undefined && request.body.unknown === undefined
        ? simulate(request, context)
        : parts.evaluate('simulate', request, context),
    'simulate.matrix': (request, context) =>
      request.body.draft === undefined
        ? matrix(request, context)
        : parts.evaluate('simulate.matrix', request, context),
    replay: (request, context) => parts.evaluate('replay', request, context),
    'replay.report-only': (request, context) => parts.evaluate('replay.report-only', request, context),
    'policies.test': (request, context) => parts.evaluate('policies.test', request, context),
    'policies.test-kept': (request, context) => parts.evaluate('policies.test-kept', request, context),
  }
}
