// `npm run test:ha`: three PostgreSQL nodes with Patroni and etcd, and two Crosswalk nodes behind HAProxy, with
// faults under load (`run-rounds.ts`). Needs etcd, Patroni, HAProxy and PostgreSQL of Debian, and ten minutes. As
// root on Linux, each node has its own network, which is removed with this process.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { findPostgres } from '../test/find-postgres.ts'

/** Exit code for tests that could not run, as in other test suites. */
const SKIPPED = 77
const PACKAGES = { etcd: 'etcd-server', patroni: 'patroni', patronictl: 'patroni', haproxy: 'haproxy' }
const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
/** Names of namespaces are files, here in a private mount; the shell reaps orphaned processes. */
const INSIDE = 'mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns && { "$@" & wait $!; }'

const missing = new Set(
  Object.entries(PACKAGES)
    .filter(([program]) => !succeeds('sh', '-c', `command -v ${program}`))
    .map(([, debianPackage]) => debianPackage),
)
if (findPostgres() === undefined) missing.add('postgresql')
if (missing.size > 0) {
  console.log(`skipped: programs are missing (on Debian: apt-get install ${[...missing].join(' ')})`)
  process.exit(SKIPPED)
}

const rounds = [
  process.execPath,
  ...process.execArgv,
  fileURLToPath(new URL('run-rounds.ts', import.meta.url)),
]
const inNamespaces = [...NAMESPACES, 'sh', '-c', INSIDE, 'sh']
const canIsolate = succeeds(
  'unshare',
  ...inNamespaces,
  'sh',
  '-c',
  'ip link add ha type bridge && ip netns add node && nft list ruleset',
)
const [program = '', ...args] = canIsolate
  ? ['unshare', ...inNamespaces, ...rounds, 'namespaces']
  : [...rounds, 'loopback']
const { status } = spawnSync(program, args, { stdio: 'inherit' })
process.exitCode = status ?? 1

function succeeds(command: string, ...rest: readonly string[]): boolean {
  return spawnSync(command, rest).status === 0
}
