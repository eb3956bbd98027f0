// Policies that cannot be compiled, and requirements that no sign-in here can meet. The policy package knows the
// clauses and their values.
import { checkPolicyDefinition } from '@crosswalk/policy'
import { ACR } from '@crosswalk/protocol'

import type { FileFinding, Path } from '../finding.ts'
import type { View } from '../view.ts'
import { type FileCheck, checkName, describesItself, nameOf, textsOf } from './check.ts'

export const checkPolicies: FileCheck = (view) => [
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
  ...checkNames(view),
]

/**
 * A misspelled name would silently make a policy match nothing. A warning, because the object may be defined in the
 * console.
 */
function checkNames(view: View): readonly FileFinding[] {
  const resources = view.resourceApps.flatMap(({ value }) => value?.resources ?? [])
  const clauses = [
    { clause: 'app', kind: 'app', known: textsOf(view.apps, 'id') },
    { clause: 'resourceApp', kind: 'resource app', known: textsOf(view.resourceApps, 'id') },
    { clause: 'resource', kind: 'resource', known: new Set(resources.map(({ id }) => id)) },
    { clause: 'scope', kind: 'scope', known: new Set(resources.flatMap(({ scopes }) => scopes)) },
  ]
  return view.policies.flatMap((policy) =>
    clauses.flatMap(({ clause, kind, known }) => {
      const stated = policy.value?.when[clause]
      const path = [...policy.path, 'when', clause]
      const names = Array.isArray(stated) ? stated : stated === undefined ? [] : [stated]
      return names.flatMap((name, index) => {
        if (clause === 'app' && describesItself(String(name), view.allowedDocuments)) return []
        const what = `${nameOf('policy', policy)} names ${kind} ${name}, which this file does not define`
        const otherwise = 'check the spelling, unless it is defined in the console'
        const place = Array.isArray(stated) ? [...path, index] : path
        return checkName(place, String(name), known, { what, otherwise }).map(asWarning)
      })
    }),
  )
}

const asWarning = (finding: FileFinding): FileFinding => ({ ...finding, severity: 'warning' })

const REACHABLE: readonly string[] = Object.values(ACR)

/** Any one of the contexts is enough, so only a requirement without any of ours locks all users out. */
function checkReach(path: Path, required: readonly string[] | undefined): readonly FileFinding[] {
  if (required === undefined || required.some((acr) => REACHABLE.includes(acr))) return []
  const what = `no sign-in here reaches ${required.join(' or ')}, so every user is denied`
  return [{ path, severity: 'warning', what, fix: 'use `mfa`: password and second factor' }]
}
