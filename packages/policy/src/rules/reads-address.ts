// Whether a rule depends on the client's address, so that callers know whether they must determine it.
import type { PolicyDefinition } from '@crosswalk/protocol'

import { readsInput } from './clauses.ts'

/** @returns whether the rule is not `off` and uses the client's address */
export function readsAddress({ state, when }: Pick<PolicyDefinition, 'state' | 'when'>): boolean {
  return state !== 'off' && readsInput(when, 'ip')
}
