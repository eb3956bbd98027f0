// Policies that cannot be compiled, and requirements that no sign-in here can meet. The policy package knows the
// clauses and their values.
import { checkPolicyDefinition } from '@crosswalk/policy'
import { ACR } from '@crosswalk/protocol'

import type { Finding, Path } from '../finding.ts'
import type { Check } from './check.ts'

export const checkPolicies: Check = (view) => [
  ...view.policies.flatMap(({ path, value, broken }) =>
    value === undefined
      ? []
      : checkPolicyDefinition(value)
          .filter((problem) => !broken.has(String(problem.path[0])))
          .map((problem) => ({ path: [...path, ...problem.path], what: problem.problem, fix: problem.fix })),
  ),
  ...view.policies.flatMap(({ path, value }) =>
    value?.state === 'off' ? [] : checkReach([...path, 'require', 'acr'], value?.require?.acr),
  ),
  ...view.connections.flatMap(({ path, value }) =>
    checkReach([...path, 'conditions', 'acr'], value?.conditions.acr),
  ),
]

const REACHABLE: readonly string[] = Object.values(ACR)

/** Any one of the contexts is enough, so only a requirement without any of ours locks all users out. */
function checkReach(path: Path, required: readonly string[] | undefined): readonly Finding[] {
  if (required === undefined || required.some((acr) => REACHABLE.includes(acr))) return []
  const what = `no sign-in here reaches ${required.join(' or ')}, so every user is denied`
  return [{ path, severity: 'warning', what, fix: 'use `mfa`: password and second factor' }]
}
