// Helps to write policies: lists the clauses, checks a draft, and finds policies that cannot do what they should.
// Stores nothing.
import type { policyDraftRoutes } from '@crosswalk/admin-api'
import { checkPolicyDefinition, describeClauses, lintPolicies, renderRule } from '@crosswalk/policy'
import { renderPointer } from '@crosswalk/protocol'

import type { Directory } from '../definitions/directory.ts'
import { definitionsOf } from '../definitions/records.ts'
import type { Handlers } from '../http/context.ts'

export function createPolicyDraftHandlers({
  directory,
}: {
  readonly directory: Pick<Directory, 'current'>
}): Pick<Handlers, keyof typeof policyDraftRoutes> {
  return {
    async 'policies.clauses'() {
      const items = describeClauses().map(({ example, ...clause }) => ({
        ...clause,
        example: JSON.stringify(example),
      }))
      return { status: 200, body: { items } }
    },
    async 'policies.check'({ body: policy }) {
      const problems = checkPolicyDefinition(policy).map(withPointer)
      return { status: 200, body: { sentence: problems.length === 0 ? renderRule(policy) : null, problems } }
    },
    async 'policies.lint'() {
      const { world } = directory.current()
      const policies = definitionsOf(world.policies)
      const found = lintPolicies({
        policies,
        apps: definitionsOf(world.apps),
        resourceApps: definitionsOf(world['resource-apps']),
        connections: definitionsOf(world.connections),
      })
      return { status: 200, body: { policies: policies.length, items: found.map(withPointer) } }
    },
  }
}

function withPointer<T extends { readonly path: readonly (string | number)[] }>({ path, ...rest }: T) {
  return { path: renderPointer(path), ...rest }
}
