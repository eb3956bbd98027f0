// Two Crosswalk servers behind HAProxy, on the database whose primary HAProxy finds.
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'

import { company } from '../../tests/src/support/company.ts'
import { findFreePort } from '../../tests/src/support/free-port.ts'
import { type Place, renderHaproxy, validateHaproxy } from './deployed.ts'
import { startDaemon } from './processes.ts'
import type { ChangedServers } from './share-change.ts'
import { untilAnswers } from './until-answers.ts'

export const CLI = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
const DATABASE_URL = 'postgres://crosswalk:secret@127.0.0.1:5000/crosswalk'
const HOSTS = ['10.0.0.21', '10.0.0.22']
const PORT = 4000
const METRICS_PORT = 9464
const ADMIN_TOKEN = 'an admin token of more than 32 characters'
/** The time HAProxy needs to detect recovered servers. */
const CHECKED_MS = 3_000

export interface Servers extends ChangedServers {
  /** Through HAProxy */
  readonly baseUrl: string
  /** One after the other: stops each gracefully, so that it drains, and restarts it. */
  restartOneByOne(): Promise<void>
  /** @throws if one has exited */
  expectAlive(): void
  stop(): void
}

export async function startServers(place: Place): Promise<Servers> {
  const { folder, network } = place
  const file = join(folder, 'haproxy.cfg')
  const address = `127.0.0.1:${await findFreePort()}`
  writeFileSync(file, renderHaproxy(address, place))
  validateHaproxy(file)
  const haproxy = startDaemon({ command: ['haproxy', '-db', '-f', file], log: join(folder, 'haproxy.log') })
  const baseUrl = `http://${address}`
  const hosts = HOSTS.map(network.place)
  const environment = { CROSSWALK_KEY: randomBytes(32).toString('hex') }
  const running = new Map<string, ChildProcess>()

  async function startNode(host: string): Promise<void> {
    const configuration = join(folder, `${host}.json`)
    const listen = { host, port: PORT, trustedProxies: [host] }
    const metrics = { listen: { host, port: METRICS_PORT } }
    const admin = { token: ADMIN_TOKEN }
    writeFileSync(
      configuration,
      JSON.stringify({ baseUrl, listen, metrics, database: DATABASE_URL, ...company(baseUrl), admin }),
    )
    const command = [process.execPath, ...process.execArgv, CLI, 'serve', '--config', configuration]
    running.set(host, startDaemon({ command, log: join(folder, `${host}.log`), environment }))
    await untilAnswers([`http://${host}:${PORT}/readyz`])
  }

  await wait(CHECKED_MS)
  for (const host of hosts) await startNode(host)
  return {
    baseUrl,
    nodes: hosts.map((host) => `http://${host}:${PORT}`),
    metrics: hosts.map((host) => `http://${host}:${METRICS_PORT}`),
    adminToken: ADMIN_TOKEN,
    async restartOneByOne() {
      for (const host of hosts) {
        await stopNode(running.get(host))
        await startNode(host)
        await wait(CHECKED_MS)
      }
    },
    expectAlive() {
      for (const [host, { exitCode, signalCode }] of running)
        if (exitCode !== null || signalCode !== null)
          throw new Error(`the server at ${host} exited with ${exitCode ?? signalCode}`)
    },
    stop() {
      for (const child of [...running.values(), haproxy]) child.kill('SIGKILL')
    },
  }
}

async function stopNode(node: ChildProcess | undefined): Promise<void> {
  if (node === undefined) return
  const exited = once(node, 'exit')
  node.kill('SIGTERM')
  const [code] = (await exited) as [number | null]
  if (code !== 0) throw new Error(`a server exited with ${code} when it was stopped`)
}
