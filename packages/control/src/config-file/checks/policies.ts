// Policies that could not be compiled, and requirements that no sign-in here can meet.
// Which clauses there are, and what they take, is known to the policy package.
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

/** Any of the contexts is enough, so only a requirement that none of ours meets shuts everybody out. */
function checkReach(path: Path, required: readonly string[] | undefined): readonly Finding[] {
  if (required === undefined || required.some((acr) => REACHABLE.includes(acr))) return []
  const what = `no sign-in here reaches ${required.join(' or ')}, so everybody is refused`
  return [{ path, severity: 'warning', what, fix: 'use `mfa`: password and second factor' }]
}
