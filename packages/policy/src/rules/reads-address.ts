// Whether a rule asks where a request comes from, for those who have to tell it truly.
import type { PolicyDefinition } from '@crosswalk/protocol'

const ADDRESS_CLAUSES: ReadonlySet<string> = new Set(['network', 'network.outside'])

/** @returns whether a rule that is not off looks at where the request came from */
export function readsAddress({ state, when }: Pick<PolicyDefinition, 'state' | 'when'>): boolean {
  return state !== 'off' && Object.keys(when).some((name) => ADDRESS_CLAUSES.has(name))
}
