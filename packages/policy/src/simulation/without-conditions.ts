// The definitions without what depends on a single request or may end tomorrow: policies, blocks, and the conditions, start
// and time window of a connection. What is still denied then is denied because a user has no access.
import { connectionKey, type ExchangeSnapshot } from '../exchange-snapshot.ts'
import { compileRules } from '../rules/compile-rules.ts'

const NO_RULES = compileRules([])

export function withoutConditions(
  snapshot: ExchangeSnapshot,
  of: { readonly app: string; readonly resourceApp: string },
): ExchangeSnapshot {
  const key = connectionKey(of.app, of.resourceApp)
  const connection = snapshot.connections.get(key)
  const connections = new Map(snapshot.connections)
  if (connection !== undefined)
    connections.set(key, {
      ...connection,
      conditions: { dpop: 'optional' },
      window: undefined,
      startsAt: undefined,
    })
  return { ...snapshot, rules: NO_RULES, blocks: [], connections }
}
