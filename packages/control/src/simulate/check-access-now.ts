// Checks what the token endpoint would now decide about access that was just granted. Decides nothing itself.
import type { AccessGrantRecord } from '../definitions/records.ts'
import { countVolume } from './count-volume.ts'
import type { Parts } from '../parts.ts'
import { describeApp, simulateExchange } from './simulated-exchange.ts'

type Granted = Pick<AccessGrantRecord, 'user' | 'app' | 'resourceApp' | 'connection' | 'scopes'>

export async function checkAccessNow(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  { user, app, resourceApp, connection, scopes }: Granted,
) {
  const { exchange: snapshot, users, world } = parts.directory.current()
  const issuer = world['resource-apps'].get(resourceApp)?.definition.issuer
  const resource = world.connections.get(connection)?.definition.resources ?? []
  if (snapshot === undefined || issuer === undefined)
    return { outcome: 'error', code: 'XAA1301', admin: 'The resource app no longer exists.' }
  const nowMs = parts.clock.nowMs()
  const { outcome, code, summary } = simulateExchange({
    input: { app, audience: issuer, resource: [...resource], scope: [...scopes] },
    userId: user,
    user: await users.findOneForExchange(user, snapshot.comparedSources),
    snapshot,
    nowMs,
    describedApp: describeApp(parts, app),
    volumeLastHour: await countVolume(parts, snapshot, { app, user, nowMs }),
  })
  return { outcome, code, admin: summary.admin }
}
