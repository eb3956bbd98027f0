// A running server: bound first unless others serve at the same place, then opened, then ready; and taken down in the opposite
// order.
import { setTimeout } from 'node:timers/promises'

import type { Configuration } from '@crosswalk/control'

import { type CleanUp, createCleanUp } from './clean-up.ts'
import type { App } from './http/app.ts'
import { listen, type Listener, type ListenOptions } from './http/listener.ts'
import { createManagementApp } from './http/management-app.ts'
import { createStartingApp } from './http/starting-app.ts'
import { openApp, type ServerOptions, type Upkeep } from './open-app.ts'
import { describeListenProblem } from './start-problems.ts'

/** How long running requests may take once the server was told to stop. */
const STOP_GRACE_MS = 10_000

export interface RunningServer extends Upkeep {
  /** Where the socket listens, which may differ from `baseUrl` */
  readonly host: string
  readonly port: number
  readonly configuration: Configuration
  /** Says that it is not ready, and goes on serving for `listen.drainSeconds`, so that nothing new is sent here. */
  drain(): Promise<void>
  /** Finishes running requests for at most 10 seconds, then what is being written. */
  close(): Promise<void>
}

/**
 * Starts every role of the configuration; all are ready when it resolves.
 *
 * @throws StartError with a remedy: address in use, database unreachable, wrong master key
 */
export async function startServer(initial: Configuration, options: ServerOptions): Promise<RunningServer> {
  const cleanUp = createCleanUp()
  try {
    const startingApp = createStartingApp()
    const bindMain = () => bind(startingApp, describeMain(initial), cleanUp)
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
    // Closed first: nothing is taken away under a request that is still running, but what never ends by itself.
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

/** A browser that came by https once uses nothing else for a year (RFC 6797), whatever a link says. */
const HSTS = { 'strict-transport-security': 'max-age=31536000' }

function describeMain({ listen: { host, port, keepAliveSeconds }, baseUrl }: Configuration): ListenOptions {
  return { host, port, keepAliveSeconds, ...(baseUrl.startsWith('https:') ? { headers: HSTS } : {}) }
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
