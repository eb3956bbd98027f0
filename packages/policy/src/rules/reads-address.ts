// Whether a rule depends on the client's address, so that callers know whether they must determine it.
import type { PolicyDefinition } from '@crosswalk/protocol'

const ADDRESS_CLAUSES: ReadonlySet<string> = new Set(['network', 'network.outside'])

/** @returns whether the rule is not `off` and uses the client's address */
export function readsAddress({ state, when }: Pick<PolicyDefinition, 'state' | 'when'>): boolean {
  return state !== 'off' && Object.keys(when).some((name) => ADDRESS_CLAUSES.has(name))
}
