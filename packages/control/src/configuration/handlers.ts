// Configuration as code: export, plan and apply. The route table decides who may call them.
import type { configurationRoutes } from '@crosswalk/admin-api'

import type { WriteParts } from '../objects/target.ts'
import type { EvaluationParts } from '../evaluator/parts.ts'
import type { EvaluatePart } from '../evaluator/evaluator.ts'
import { applyDocument } from './apply.ts'
import { findBroken } from '../policy-tests/check-policy-tests.ts'
import { draftPlan, isEffective, renderPlan, taggedPart } from './plan.ts'
import { renderDocument } from './render-document.ts'
import type { Handlers } from '../http/context.ts'
import { buildEtag } from '../http/etag.ts'
import type { Parts } from '../parts.ts'
import { streamJson } from '../http/json-parts.ts'
import { isProblem } from '../http/problem.ts'

export function createConfigurationHandlers(
  parts: WriteParts & Parts<'sealing' | 'inTurn'> & EvaluatePart,
): Pick<Handlers, keyof typeof configurationRoutes> {
  return {
    'configuration.export': async ({ query: { owner } }) => streamJson(await renderDocument(parts, owner)),
    'configuration.plan': (request, context) => parts.evaluate('configuration.plan', request, context),
    'configuration.apply': ({ body }, context) =>
      parts.inTurn(async () => {
        const plan = await applyDocument(parts, body, context)
        return isProblem(plan) ? plan : { status: 200, body: plan }
      }),
  }
}

export function createPlanHandler(parts: EvaluationParts): Handlers['configuration.plan'] {
  return async ({ body }) => {
    const draft = await draftPlan(parts, body)
    const plan = await renderPlan(parts, draft)
    const collections = draft.steps.filter(isEffective).map(({ change }) => change.collection)
    const failedTests =
      draft.problems.length > 0 ? [] : await findBroken(parts, { collections, next: draft.next })
    return {
      status: 200,
      body: { ...plan, failedTests: [...failedTests] },
      headers: { etag: buildEtag(taggedPart(plan)) },
    }
  }
}
