// The three database nodes as a cluster: its primary, its health, and operations on it.
import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

import pg from 'pg'

import { findAccount } from '../postgres.ts'
import { createDatabaseHost } from './database-node.ts'
import { type Place, readEnvironment } from './deployed.ts'
import { signalAll } from './processes.ts'
import { addressOf, DATABASE_NODES, type DatabaseNode } from './network.ts'
import { untilAnswers } from './until-answers.ts'

const WHOLE_WITHIN_MS = 240_000
const LOOK_MS = 500

/** The output of `patronictl list --format json`. */
interface Member {
  readonly Member: DatabaseNode
  readonly Role: string
  readonly State: string
}

export interface Cluster {
  /** Resolves once one node is primary and both others stream from it, one of them synchronously. */
  untilWhole(): Promise<void>
  findPrimary(): DatabaseNode
  /** Sends SIGKILL to PostgreSQL, and also to Patroni unless it is kept. */
  kill(node: DatabaseNode, options?: { readonly keepPatroni: boolean }): void
  /** Restarts Patroni after it was killed. */
  rejoin(node: DatabaseNode): void
  cut(node: DatabaseNode): void
  cutFromPeers(node: DatabaseNode): void
  heal(node: DatabaseNode): void
  /** Runs `patronictl` with these arguments. @returns its output */
  control(...args: readonly string[]): string
  /** Connects directly to a node, as superuser. */
  connect(node: DatabaseNode, database: string): Promise<pg.Client>
  stop(): void
}

/** Starts the nodes; the cluster is complete when this resolves. */
export async function startCluster(place: Place): Promise<Cluster> {
  const { network } = place
  const account = process.getuid?.() === 0 ? await findAccount() : undefined
  const create = (node: DatabaseNode) => createDatabaseHost(node, place, account)
  const hosts = { node1: create('node1'), node2: create('node2'), node3: create('node3') }
  const all = Object.values(hosts)
  const environment = { ...process.env, ...readEnvironment('node1', place) }
  const list = (node: DatabaseNode) => hosts[node].listProcesses()

  function control(...args: readonly string[]): string {
    return execFileSync('patronictl', ['-c', hosts.node1.configuration, ...args], {
      encoding: 'utf8',
      // It reports an error for each unreachable node.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
    })
  }
  const listMembers = () => JSON.parse(control('list', '--format', 'json')) as readonly Member[]
  const cluster: Cluster = {
    untilWhole: () => untilWhole(listMembers),
    findPrimary: () => findPrimary(listMembers()),
    kill(node, { keepPatroni } = { keepPatroni: false }) {
      if (!keepPatroni) hosts[node].killPatroni()
      hosts[node].killPostgres()
    },
    rejoin: (node) => hosts[node].startPatroni(),
    cut: (node) => network.cut(node, list(node)),
    cutFromPeers: (node) => network.cutFromPeers(node),
    heal: (node) => network.heal(node, list(node)),
    control,
    connect: (node, database) => connect(node, database, place),
    stop: () => DATABASE_NODES.forEach((node) => signalAll(list(node), 'SIGKILL')),
  }
  for (const host of all) host.startEtcd()
  // The validator checks whether etcd is reachable.
  await untilAnswers(DATABASE_NODES.map((node) => `http://${network.place(addressOf(node))}:2379/health`))
  for (const host of all) host.validate()
  for (const host of all) host.startPatroni()
  await cluster.untilWhole()
  return cluster
}

async function untilWhole(listMembers: () => readonly Member[]): Promise<void> {
  const deadline = Date.now() + WHOLE_WITHIN_MS
  for (;;) {
    const members = tryOr(listMembers, [])
    if (isWhole(members)) return
    if (Date.now() > deadline) throw new Error(`the cluster is not complete: ${JSON.stringify(members)}`)
    await wait(LOOK_MS)
  }
}

function isWhole(members: readonly Member[]): boolean {
  const running = members.filter(({ State }) => ['running', 'streaming'].includes(State))
  const roles = running.map(({ Role }) => Role).sort()
  return roles.join() === ['Leader', 'Replica', 'Sync Standby'].join()
}

function findPrimary(members: readonly Member[]): DatabaseNode {
  const leader = members.find(({ Role }) => Role === 'Leader')
  if (leader === undefined) throw new Error('the cluster has no primary')
  return leader.Member
}

async function connect(node: DatabaseNode, database: string, place: Place): Promise<pg.Client> {
  const client = new pg.Client({
    host: place.network.place(addressOf(node)),
    user: 'postgres',
    password: readEnvironment(node, place)['PATRONI_SUPERUSER_PASSWORD'],
    database,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

function tryOr<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read()
  } catch {
    return otherwise
  }
}
