// What `crosswalk serve` does once the configuration is known: start, say where, wait for a signal, stop.
import { runWorkers } from './cluster/run-workers.ts'
import type { Configuration } from './config/configuration.ts'
import type { Environment } from './config/expand.ts'
import { giveBackMemory } from './give-back-memory.ts'
import { joinHostPort } from './join-host-port.ts'
import { startServer } from './start-server.ts'
import { untilStopSignal } from './stop-signal.ts'

export interface RunOptions {
  /** Processes that share the work; 1 runs everything in this one */
  readonly workers: number
  readonly environment: Environment
  /** Progress for people, one line each */
  log(line: string): void
}

/**
 * Runs until SIGTERM or SIGINT.
 *
 * @returns when everything is stopped
 * @throws StartError with a remedy, where it cannot start
 */
export async function runServer(configuration: Configuration, options: RunOptions): Promise<void> {
  const { workers, log } = options
  const stopped = untilStopSignal()
  const server =
    workers === 1 ? await startServer(configuration, options) : await runWorkers(configuration, workers, log)
  giveBackMemory()
  for (const line of describeRoles(configuration, server.port)) log(line)
  if (workers > 1) log(`${workers} worker processes`)
  const signal = await stopped
  log(`${signal}: stopping`)
  await server.close()
  log('stopped')
}

/** @returns one line for each role, with the URL people need */
export function describeRoles(
  { idp, authorizationServers, listen, metrics }: Configuration,
  port: number,
): readonly string[] {
  const where = `listening on http://${joinHostPort({ host: listen.host, port })}`
  return [
    ...(idp === undefined ? [] : [`identity provider     ${idp.issuer}  ${where}`]),
    ...authorizationServers.map(({ issuer }) => `authorization server  ${issuer}  ${where}`),
    ...(metrics === undefined
      ? []
      : [`metrics               http://${joinHostPort(metrics.listen)}/metrics`]),
    ...(idp === undefined && authorizationServers.length === 0 ? [`no role configured    ${where}`] : []),
  ]
}
