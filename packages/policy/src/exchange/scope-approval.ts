// Scopes that need approval for their current meaning and lack it are withheld: they are removed from the grant, and if
// no other scope is left, their absence is the reason of the denial.
import type { DecisionRecord, XaaCode } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { Connection } from '../exchange-snapshot.ts'
import { compareMeanings, type ScopeState } from '../scope-approvals.ts'

const HELD = { needed: 'XAA1604', changed: 'XAA1605' } as const satisfies Partial<
  Record<ScopeState['state'], XaaCode>
>

/** @returns why the scope is withheld; undefined if it is not */
export function findHeld(
  { approvals }: Connection,
  scope: string,
): (typeof HELD)[keyof typeof HELD] | undefined {
  const state = approvals?.get(scope)?.state
  return state === undefined || state === 'approved' ? undefined : HELD[state]
}

/** The requested scopes that remain, and those that were removed */
interface Left {
  readonly scope: readonly string[]
  readonly narrowed: readonly DecisionRecord['narrowed'][number][]
}

/**
 * Recorded only if a scope needs approval. It passes as long as something is left to grant: `narrowed` lists what was
 * cut, and this check states why.
 */
export function checkApproval(list: Checklist, { scope, narrowed }: Left, connection: Connection): void {
  const { approvals } = connection
  if (approvals === undefined) return
  const held = narrowed.flatMap((cut) => {
    const code = cut.scope === undefined ? undefined : findHeld(connection, cut.scope)
    return cut.scope === undefined || code !== cut.code ? [] : [[cut.scope, code] as const]
  })
  const [first] = held
  if (first === undefined) {
    const approved = scope.filter((one) => approvals.has(one))
    if (approved.length > 0) list.pass('scope.approval', { actual: approved })
    return
  }
  const differences = held.map(([one]) => [one, describe(approvals.get(one))] as const)
  const seen = {
    expected: Object.fromEntries(differences.map(([one, { expected }]) => [one, expected])),
    actual: Object.fromEntries(differences.map(([one, { actual }]) => [one, actual])),
  }
  if (scope.length > 0) list.pass('scope.approval', seen)
  else list.fail('scope.approval', first[1], seen)
}

function describe(state: ScopeState | undefined): { readonly expected: unknown; readonly actual: unknown } {
  if (state?.approval === undefined) return { expected: 'approved', actual: 'not approved' }
  const { approved, now } = compareMeanings(state.approval.meaning, state.meaning)
  return { expected: approved, actual: now }
}
