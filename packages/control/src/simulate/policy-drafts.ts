// Helps to write policies: lists the clauses, checks a draft, and finds policies that cannot do what they should.
// Stores nothing.
import type { policyDraftRoutes } from '@crosswalk/admin-api'
import {
  checkPolicyDefinition,
  createPolicyLinter,
  describeClauses,
  type Linter,
  renderRule,
} from '@crosswalk/policy'
import { renderPointer } from '@crosswalk/protocol'

import type { Directory } from '../definitions/directory.ts'
import { definitionsOf } from '../definitions/records.ts'
import type { Handlers } from '../http/context.ts'

export function createPolicyDraftHandlers({
  directory,
}: {
  readonly directory: Pick<Directory, 'current'>
}): Pick<Handlers, keyof typeof policyDraftRoutes> {
  const linters = new WeakMap<object, Linter>()
  /** One per revision: indexing all connections takes a while, and an editor asks after each pause in typing. */
  const lint: Linter = (policies, only) => {
    const { world } = directory.current()
    const linter =
      linters.get(world) ??
      createPolicyLinter({
        apps: definitionsOf(world.apps),
        resourceApps: definitionsOf(world['resource-apps']),
        connections: definitionsOf(world.connections),
      })
    linters.set(world, linter)
    return linter(policies, only)
  }
  const listPolicies = () => definitionsOf(directory.current().world.policies)
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
      if (problems.length > 0) return { status: 200, body: { sentence: null, problems, findings: [] } }
      const others = listPolicies().filter(({ id }) => id !== policy.id)
      const findings = lint([...others, policy], policy.id).map(withPointer)
      return { status: 200, body: { sentence: renderRule(policy), problems, findings } }
    },
    async 'policies.lint'() {
      const policies = listPolicies()
      return { status: 200, body: { policies: policies.length, items: lint(policies).map(withPointer) } }
    },
  }
}

function withPointer<T extends { readonly path: readonly (string | number)[] }>({ path, ...rest }: T) {
  return { path: renderPointer(path), ...rest }
}
