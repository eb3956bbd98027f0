// One database node: etcd, Patroni, and the PostgreSQL that Patroni starts, each as a separate process.
import type { ChildProcess } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Account } from '../postgres.ts'
import { type Place, readEnvironment, renderPatroni, validatePatroni } from './deployed.ts'
import type { DatabaseNode } from './network.ts'
import { listTree, signalAll, startDaemon } from './processes.ts'

/** The folders that files in `deploy/ha` expect in `/var`, created in the folder of the node instead. */
const FOLDERS = ['', 'lib', 'lib/etcd', 'lib/postgresql', 'run', 'run/postgresql']
const POSTMASTER = 'lib/postgresql/crosswalk/postmaster.pid'

export interface DatabaseHost {
  /** Patroni's configuration file */
  readonly configuration: string
  startEtcd(): void
  /** Lets Patroni validate its configuration. */
  validate(): void
  /** Starts Patroni, which starts PostgreSQL and lets it join. */
  startPatroni(): void
  listProcesses(): readonly number[]
  /** Sends SIGKILL to PostgreSQL and all processes that it started. */
  killPostgres(): void
  killPatroni(): void
}

/** @param account - the account that PostgreSQL runs as; undefined: the current user */
export function createDatabaseHost(
  node: DatabaseNode,
  place: Place,
  account: Account | undefined,
): DatabaseHost {
  const folder = join(place.folder, node)
  const configuration = join(folder, 'patroni.yml')
  const environment = readEnvironment(node, place)
  let etcd: ChildProcess | undefined
  let patroni: ChildProcess | undefined

  for (const each of FOLDERS) {
    mkdirSync(join(folder, each))
    if (account !== undefined) chownSync(join(folder, each), account.uid, account.gid)
  }
  writeFileSync(configuration, renderPatroni(node, place))

  function start(...command: readonly string[]): ChildProcess {
    return startDaemon({
      command: place.network.on(node, [...switchTo(account), ...command]),
      log: join(folder, `${command[0]}.log`),
      environment,
    })
  }

  function listPostgres(): readonly number[] {
    try {
      const [pid] = readFileSync(join(folder, POSTMASTER), 'utf8').split('\n')
      return listTree(Number(pid))
    } catch {
      return []
    }
  }

  return {
    configuration,
    startEtcd() {
      etcd = start('etcd')
    },
    validate: () => validatePatroni(configuration, environment),
    startPatroni() {
      patroni = start('patroni', configuration)
    },
    listProcesses: () => [
      ...[etcd, patroni].flatMap((child) => listTree(child?.pid ?? 0)),
      ...listPostgres(),
    ],
    killPostgres: () => signalAll(expectSome(listPostgres()), 'SIGKILL'),
    killPatroni: () => signalAll(expectSome(listTree(patroni?.pid ?? 0)), 'SIGKILL'),
  }
}

/** Otherwise, a round without a fault would pass. */
function expectSome(processes: readonly number[]): readonly number[] {
  if (processes.length === 0) throw new Error('the process to kill is not running')
  return processes
}

function switchTo(account: Account | undefined): readonly string[] {
  if (account === undefined) return []
  return ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
}
