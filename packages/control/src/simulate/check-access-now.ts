// Checks what the token endpoint would now decide about access over one connection. Decides nothing itself.
import type { ExchangeSnapshot } from '@crosswalk/policy'
import type { DecisionRecord } from '@crosswalk/protocol'

import type { AccessGrantRecord } from '../definitions/records.ts'
import { countVolume } from './count-volume.ts'
import type { Parts } from '../parts.ts'
import { describeApp, simulateExchange } from './simulated-exchange.ts'

type SimulationParts = Parts<'configuration' | 'directory' | 'storage' | 'clock'>
type Granted = Pick<AccessGrantRecord, 'user' | 'app' | 'resourceApp' | 'connection' | 'scopes'>

interface AskedAccess extends Omit<Granted, 'scopes'> {
  /** undefined: all of the connection */
  readonly scopes: readonly string[] | undefined
}

export async function checkAccessNow(parts: SimulationParts, granted: Granted) {
  const record = await simulateAccess(parts, granted)
  if (record === undefined)
    return { outcome: 'error', code: 'XAA1301', admin: 'The resource app no longer exists.' }
  const { outcome, code, summary } = record
  return { outcome, code, admin: summary.admin }
}

/**
 * @param adapt - changes the definitions to evaluate
 * @returns undefined if there is no such resource app
 */
export async function simulateAccess(
  parts: SimulationParts,
  { user, app, resourceApp, connection, scopes }: AskedAccess,
  adapt: (snapshot: ExchangeSnapshot) => ExchangeSnapshot = (snapshot) => snapshot,
): Promise<DecisionRecord | undefined> {
  const { exchange, users, world } = parts.directory.current()
  const issuer = world['resource-apps'].get(resourceApp)?.definition.issuer
  if (exchange === undefined || issuer === undefined) return undefined
  const resource = world.connections.get(connection)?.definition.resources ?? []
  const snapshot = adapt(exchange)
  const nowMs = parts.clock.nowMs()
  return simulateExchange({
    input: {
      app,
      audience: issuer,
      resource: [...resource],
      ...(scopes === undefined ? {} : { scope: [...scopes] }),
    },
    userId: user,
    user: await users.findOneForExchange(user, snapshot.comparedSources),
    snapshot,
    nowMs,
    describedApp: describeApp(parts, app),
    volumeLastHour: await countVolume(parts, snapshot, { app, user, nowMs }),
  })
}
