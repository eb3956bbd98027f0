// Runs `crosswalk serve` with a valid configuration: starts, prints its addresses, waits for a signal, stops.
import type { Configuration } from '@crosswalk/control'
import { runWorkers } from './cluster/run-workers.ts'
import { joinHostPort } from './join-host-port.ts'
import type { RunOptions } from './run-options.ts'
import { startServer } from './start-server.ts'
import { stopOnSignal, waitForStopSignal } from './stop-on-signal.ts'
import { SERVICE_NAME, startTelemetry } from './telemetry/start-telemetry.ts'

/**
 * Runs until SIGTERM or SIGINT.
 * @returns once everything has stopped
 * @throws StartError with a fix, if it cannot start
 */
export async function runServer(configuration: Configuration, options: RunOptions): Promise<void> {
  const { workers, log } = options
  const stopped = waitForStopSignal()
  // Workers send their own spans.
  const telemetry = workers === 1 ? await startTelemetry(SERVICE_NAME) : undefined
  const server =
    workers === 1 ? await startServer(configuration, options) : await runWorkers(configuration, options)
  for (const line of [...describeRoles(configuration, server.port), ...describeConsole(configuration)])
    log(line)
  if (workers > 1) log(`${workers} worker processes`)
  const signal = await stopped
  log(`${signal}: stopping`)
  await stopOnSignal(signal, server)
  await telemetry?.close()
  log('stopped')
}

/** @returns one line per role, with its URL */
export function describeRoles(
  { idp, authorizationServers, listen, metrics }: Configuration,
  port: number,
): readonly string[] {
  const where = `listening on http://${joinHostPort({ host: listen.host, port })}`
  return [
    ...(idp === undefined ? [] : [`identity provider     ${idp.issuer}  ${where}`]),
    ...authorizationServers.map(({ issuer }) => `authorization server  ${issuer}  ${where}`),
    ...(metrics?.listen === undefined
      ? []
      : [`management            http://${joinHostPort(metrics.listen)}  /metrics /livez /readyz /startupz`]),
    ...(idp === undefined && authorizationServers.length === 0 ? [`no role configured    ${where}`] : []),
  ]
}

/** @returns where the console is and who can sign in; empty if there is no console */
export function describeConsole({ admin, baseUrl, idp }: Configuration): readonly string[] {
  if (admin === undefined) return []
  const nameOf = (id: string) => idp?.users.find((user) => user.id === id)?.username ?? id
  const { users = [], groups = [] } = admin.roles?.owner ?? {}
  const owners = [...users.map(nameOf), ...groups.map((group) => `members of ${group}`)]
  const who =
    admin.roles === undefined ? 'with the admin token' : `as ${joinFew(owners) || 'an administrator'}`
  return [`console               ${baseUrl}/admin  sign in ${who}`]
}

const MAX_NAMES = 3

function joinFew(names: readonly string[]): string {
  const more = names.length - MAX_NAMES
  return [...names.slice(0, MAX_NAMES), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}
