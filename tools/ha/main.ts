// `npm run test:ha`: three PostgreSQL nodes under Patroni and etcd, two Crosswalk nodes behind HAProxy, and what happens to
// them under load (`run-rounds.ts`). Needs etcd, Patroni, HAProxy and PostgreSQL of Debian, and ten minutes. As root on Linux
// each node has a network of its own, which goes with this process.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { findPostgres } from '../test/find-postgres.ts'

/** For what could not be tested, as other test suites say it. */
const SKIPPED = 77
const PACKAGES = { etcd: 'etcd-server', patroni: 'patroni', patronictl: 'patroni', haproxy: 'haproxy' }
const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
/** Names of namespaces are files, here of this mount alone; and the shell buries processes that lose their parent. */
const INSIDE = 'mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns && { "$@" & wait $!; }'

const missing = new Set(
  Object.entries(PACKAGES)
    .filter(([program]) => !succeeds('sh', '-c', `command -v ${program}`))
    .map(([, debianPackage]) => debianPackage),
)
if (findPostgres() === undefined) missing.add('postgresql')
if (missing.size > 0) {
  console.log(`skipped: this machine lacks programs (on Debian: apt-get install ${[...missing].join(' ')})`)
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
