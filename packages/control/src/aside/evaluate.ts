// The evaluator as handlers ask it: by their route, with its types.
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
  /** Runs a handler on what a caller sent, where it keeps no one else waiting */
  readonly evaluate: Evaluate
}

/** The thread runs the handler of the same route, so its answer is that of the route. */
export function createEvaluate(evaluator: Evaluator): Evaluate {
  return async (route, request, context) => (await evaluator.run(route, request, context)) as never
}
