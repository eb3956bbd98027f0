// Renders rules as one line of plain text, for explanations and lists: what a rule does, not whether it applies.
import type { PolicyDefinition } from '@crosswalk/protocol'

import { compileWhen } from './check-policy.ts'
import { CLAUSES, findClauseType } from './clauses.ts'
import { renderDuration } from './duration.ts'

/**
 * Renders a rule as `For agents requesting todos.write: needs mfa no older than 12h`.
 *
 * @throws Error if the rule has problems (see `checkPolicyDefinition`): part of a condition would read as a wider rule
 */
export function renderRule(policy: PolicyDefinition): string {
  const state = policy.state === 'enforced' ? '' : ` (${policy.state})`
  return `For ${renderWhen(policy)}: ${renderEffect(policy)}${state}`
}

function renderWhen(policy: PolicyDefinition): string {
  const { clauses, problems } = compileWhen(policy)
  if (problems.length > 0) throw new Error(`policy ${policy.id} has problems`)
  const typed = clauses
    .map(({ name, phrase }) => ({ phrase, type: findClauseType(name) }))
    .toSorted((left, right) => rankOf(left.type) - rankOf(right.type))
  const subjects = typed.flatMap(({ phrase, type }) => (type?.isSubject === true ? [phrase] : []))
  const conditions = typed.flatMap(({ phrase, type }) => (type?.isSubject === true ? [] : [phrase]))
  return [subjects.join(' among ') || 'all apps', ...conditions].join(' ')
}

// The order of clauses in the rule does not affect the sentence.
function rankOf(type: (typeof CLAUSES)[number] | undefined): number {
  return CLAUSES.findIndex((one) => one === type)
}

function renderEffect({ effect, require, limit }: PolicyDefinition): string {
  switch (effect) {
    case 'deny':
      return 'denied'
    case 'require':
      return `needs ${renderRequire(require ?? {})}`
    case 'limit':
      return renderLimit(limit ?? {})
  }
}

function renderRequire({ acr, maxAuthAgeSeconds, dpop }: NonNullable<PolicyDefinition['require']>): string {
  const signIn = acr?.join(' or ') ?? (maxAuthAgeSeconds === undefined ? '' : 'a sign-in')
  const age = maxAuthAgeSeconds === undefined ? '' : ` no older than ${renderDuration(maxAuthAgeSeconds)}`
  return [`${signIn}${age}`, dpop === true ? 'a DPoP proof' : ''].filter((part) => part !== '').join(' and ')
}

function renderLimit({ scopes, idJagTtlSeconds, perHour }: NonNullable<PolicyDefinition['limit']>): string {
  const parts = [
    scopes === undefined ? '' : scopes.length === 0 ? 'no scopes' : `only ${scopes.join(', ')}`,
    idJagTtlSeconds === undefined ? '' : `ID-JAGs for at most ${renderDuration(idJagTtlSeconds)}`,
    perHour === undefined ? '' : `at most ${perHour} grants an hour`,
  ]
  return parts.filter((part) => part !== '').join('; ')
}
