// The evaluator as handlers call it: by route, with the types of that route.
import type { ReplyTo, RequestTo } from '@crosswalk/admin-api'

import type { AdminContext } from '../http/context.ts'
import type { Problem } from '../http/problem.ts'
import type { Evaluator } from './evaluator.ts'
import type { EvaluatedRoute } from './messages.ts'

export type Evaluate = <N extends EvaluatedRoute>(
  route: N,
  request: RequestTo<N>,
  context: AdminContext,
) => Promise<ReplyTo<N> | Problem>

export interface EvaluatePart {
  /** Runs a handler on caller input in the evaluator thread, so that other requests are not delayed */
  readonly evaluate: Evaluate
}

/** The thread runs the handler of the same route, so the reply has the route's type. */
export function createEvaluate(evaluator: Evaluator): Evaluate {
  return async (route, request, context) => (await evaluator.run(route, request, context)) as never
}
