// Starts the processes of the world, waits until all are ready, and stops them together.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { createAdminClient } from '@crosswalk/admin-api'
import { createAdministrator } from '@crosswalk/lab'

import { type Addresses, buildAddresses } from './addresses.ts'
import { serveBackstage } from './backstage/serve-backstage.ts'
import { type Decisions, openDecisions } from './decisions.ts'
import { describePrograms, type WorldParts } from './programs.ts'
import { runProgram, type RunningProgram, untilReady } from './run-program.ts'
import { openSecrets, type Secrets } from './secrets.ts'
import type { Topology } from './topology.ts'
import { WorldError } from './world-error.ts'

export interface World extends Pick<WorldParts, 'addresses' | 'folder' | 'secrets' | 'topology'> {
  /** URLs of the databases with decisions */
  readonly databases: readonly string[]
  /** Resolves with an explanation if a process ends unexpectedly */
  readonly failed: Promise<string>
  stop(): Promise<void>
}

export interface WorldSettings {
  /** Default: `vendors` */
  readonly topology?: Topology
  /**
   * Variables named `AGENT0_MODEL…` go to Agent0, those named `OTEL_…` to all programs; default: those of this
   * process
   */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly idTokenTtlSeconds?: number
}

const READY_TIMEOUT_MS = 60_000
/** Short, to make renewal visible. */
const ID_TOKEN_TTL_SECONDS = 60

/** @throws WorldError with a fix */
export async function startWorld(base: number, folder: string, settings: WorldSettings = {}): Promise<World> {
  const { topology = 'vendors', environment = process.env } = settings
  const { idTokenTtlSeconds = ID_TOKEN_TTL_SECONDS } = settings
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 })
  const addresses = buildAddresses(base, topology)
  const secrets = openSecrets(join(folder, 'secrets.json'))
  const servers = topology === 'single' ? ['company-idp'] : ['company-idp', 'todo-vendor']
  const databases = servers.map((name) => `sqlite:${folder}/${name}.db`)
  const backstage = await openBackstage(addresses, secrets, databases)
  const parts = { topology, addresses, secrets, folder, environment, idTokenTtlSeconds, backstage }
  const running = describePrograms(parts).map((program) =>
    runProgram(program, join(folder, 'logs', `${program.name}.log`)),
  )
  const stop = async () => {
    await backstage.stop()
    await Promise.all(running.map((one) => one.stop()))
  }
  const failed = Promise.race(running.map(explainEnd))
  try {
    await untilAllReady(running, failed)
  } catch (error) {
    await stop()
    throw error
  }
  return { topology, addresses, secrets, folder, databases, failed, stop }
}

/** Before all others, because Agent0 needs its address. */
async function openBackstage(addresses: Addresses, secrets: Secrets, databases: readonly string[]) {
  let decisions: Promise<Decisions> | undefined
  const served = await serveBackstage({
    administrator: createAdministrator(
      createAdminClient({ baseUrl: addresses.idp, token: secrets.clients.ADMIN_TOKEN }),
      { app: 'agent0', resourceApp: 'todo0', connection: 'agent0-todo0' },
    ),
    decisions: () => (decisions ??= openDecisions({ databases })),
  })
  return {
    ...served,
    stop: async () => {
      await served.stop()
      await (await decisions)?.close()
    },
  }
}

async function untilAllReady(running: readonly RunningProgram[], failed: Promise<string>): Promise<void> {
  const signal = AbortSignal.timeout(READY_TIMEOUT_MS)
  const ready = Promise.all(running.map((one) => untilReady(one, signal))).then(() => undefined)
  const failure = await Promise.race([ready, failed])
  if (failure !== undefined) throw new WorldError(failure)
  if (signal.aborted)
    throw new WorldError(`not all programs were ready after ${READY_TIMEOUT_MS / 1000} seconds`)
}

async function explainEnd(running: RunningProgram): Promise<string> {
  const reason = await running.ended
  return `${running.program.title} exited (${reason}); its last output:\n${running.readLastLines()}`
}
