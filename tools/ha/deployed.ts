// The files in `deploy/ha`, adapted to this machine: other folders, and other addresses if it has no namespaces.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { addressOf, type DatabaseNode, type Network } from './network.ts'

export interface Place {
  readonly folder: string
  readonly network: Network
  /** The folder of PostgreSQL's programs */
  readonly binaries: string
}

const read = (name: string) => readFileSync(new URL(`../../deploy/ha/${name}`, import.meta.url), 'utf8')

/** @returns Patroni's configuration on a node */
export function renderPatroni(node: DatabaseNode, { folder, network, binaries }: Place): string {
  return network
    .place(read('patroni.yml'))
    .replaceAll('/var/', `${join(folder, node)}/`)
    .replace(/bin_dir: .*/, `bin_dir: ${binaries}`)
}

/** @returns the environment of etcd and Patroni on a node */
export function readEnvironment(node: DatabaseNode, { folder, network }: Place): Record<string, string> {
  const own = read('node1.env').replaceAll('node1', node).replaceAll(addressOf('node1'), addressOf(node))
  const text = network.place(`${read('cluster.env')}${own}`).replaceAll('/var/', `${join(folder, node)}/`)
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

/** @returns HAProxy's configuration without TLS, with `listener` as its listener for clients */
export function renderHaproxy(listener: string, { network }: Pick<Place, 'network'>): string {
  return network
    .place(read('haproxy.cfg'))
    .replace(/bind :443 .*/, `bind ${listener}`)
    .replace('X-Forwarded-Proto https', 'X-Forwarded-Proto http')
}

export function validatePatroni(file: string, environment: NodeJS.ProcessEnv): void {
  execFileSync('patroni', ['--validate-config', file], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
}

export function validateHaproxy(file: string): void {
  execFileSync('haproxy', ['-c', '-q', '-f', file], { stdio: 'inherit' })
}
