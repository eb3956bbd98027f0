// Helps to write a policy: lists the clauses, and checks a draft. Stores nothing.
import type { policyDraftRoutes } from '@crosswalk/admin-api'
import { checkPolicyDefinition, describeClauses, renderRule } from '@crosswalk/policy'
import { renderPointer } from '@crosswalk/protocol'

import type { Handlers } from '../http/context.ts'

export function createPolicyDraftHandlers(): Pick<Handlers, keyof typeof policyDraftRoutes> {
  return {
    async 'policies.clauses'() {
      const items = describeClauses().map(({ example, ...clause }) => ({
        ...clause,
        example: JSON.stringify(example),
      }))
      return { status: 200, body: { items } }
    },
    async 'policies.check'({ body: policy }) {
      const problems = checkPolicyDefinition(policy).map(({ path, ...rest }) => ({
        path: renderPointer(path),
        ...rest,
      }))
      return { status: 200, body: { sentence: problems.length === 0 ? renderRule(policy) : null, problems } }
    },
  }
}
