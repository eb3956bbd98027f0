// A running server: binds first unless other processes already serve the address, then opens, then is ready; stops in
// reverse order.
import { setTimeout } from 'node:timers/promises'

import type { Configuration } from '@crosswalk/control'

import { type CleanUp, createCleanUp } from './clean-up.ts'
import type { App } from './http/app.ts'
import { listen, type Listener, type ListenOptions } from './http/listener.ts'
import { createManagementApp } from './http/management-app.ts'
import { createStartingApp } from './http/starting-app.ts'
import { logToStandardError } from './log-to-standard-error.ts'
import { openApp, type ServerOptions, type Upkeep } from './open-app.ts'
import { describeListenProblem } from './start-problems.ts'

/** How long running requests may take after a stop. */
const STOP_GRACE_MS = 10_000

export interface RunningServer extends Upkeep {
  /** The address of the socket, which may differ from `baseUrl` */
  readonly host: string
  readonly port: number
  readonly configuration: Configuration
  /** Reports not ready, but serves for `listen.drainSeconds`, until load balancers send no more requests. */
  drain(): Promise<void>
  /** Finishes running requests within 10 seconds, then pending writes. */
  close(): Promise<void>
}

/**
 * Starts every role of the configuration, and resolves when all are ready.
 *
 * @throws StartError with a fix: address in use, database unreachable, wrong master key
 */
export async function startServer(initial: Configuration, options: ServerOptions): Promise<RunningServer> {
  const cleanUp = createCleanUp()
  try {
    const startingApp = createStartingApp()
    const main = { ...describeMain(initial), warn: options.log ?? logToStandardError }
    const bindMain = () => bind(startingApp, main, cleanUp)
    const management = createManagementApp()
    const { listen: managementListen } = initial.metrics ?? {}
    const bindManagement = async () => {
      if (managementListen !== undefined) await bind(management, managementListen, cleanUp, 'metrics.listen')
    }
    const early = options.bindLast === true ? undefined : await bindMain()
    if (early !== undefined) await bindManagement()
    const configuration = early === undefined ? initial : (options.atPort?.(early.port) ?? initial)
    const { app, endStreams, setDraining, managed, ...upkeep } = await openApp(
      configuration,
      options,
      cleanUp,
    )
    startingApp.open(app)
    management.start(managed)
    const listener = early ?? (await bindMain())
    if (early === undefined) await bindManagement()
    // Closed first, so that running requests keep what they need; responses that never end are ended before that.
    cleanUp.defer(() => listener.close(STOP_GRACE_MS))
    cleanUp.defer(endStreams)
    const { host, port } = listener
    const close = () => cleanUp.run()
    async function drain(): Promise<void> {
      setDraining()
      listener.endConnections()
      await setTimeout(configuration.listen.drainSeconds * 1000)
    }
    return { host, port, configuration, ...upkeep, drain, close }
  } catch (error) {
    await cleanUp.run()
    throw error
  }
}

/** A browser that connected by https once uses only https for a year (RFC 6797), even for http links. */
const HSTS = { 'strict-transport-security': 'max-age=31536000' }

function describeMain({
  listen: { host, port, keepAliveSeconds },
  limits: { connections: mostConnections },
  baseUrl,
}: Configuration): ListenOptions {
  const headers = baseUrl.startsWith('https:') ? { headers: HSTS } : {}
  return { host, port, keepAliveSeconds, mostConnections, ...headers }
}

async function bind(
  app: App,
  address: ListenOptions,
  cleanUp: CleanUp,
  key: 'listen' | 'metrics.listen' = 'listen',
): Promise<Listener> {
  const listener = await listen(app, address).catch((error: unknown) => {
    throw describeListenProblem(error, address, key)
  })
  cleanUp.defer(() => listener.close(STOP_GRACE_MS))
  return listener
}
