// The network of the test machines: a namespace for each, connected by a bridge, so that one can be disconnected. If
// the kernel or the user does not allow that, each is a loopback address, and its processes are stopped instead.
import { execFileSync } from 'node:child_process'

import { signalAll } from './processes.ts'

/** The database nodes, with their names in the files of `deploy/ha`. */
export const DATABASE_NODES = ['node1', 'node2', 'node3'] as const
export type DatabaseNode = (typeof DATABASE_NODES)[number]

const PREFIX = '10.0.0.'
/** Of HAProxy and the two servers, which no round affects. */
const HERE = [10, 21, 22]
const CUT = 'cut'

export interface Network {
  /** For the report: the meaning of a cut network on this machine */
  readonly meaningOfCut: string
  /** Whether a node can lose the other nodes while clients still reach it */
  readonly canCutPeers: boolean
  /** Replaces the addresses 10.0.0.x of `deploy/ha` with those of this machine. */
  place(text: string): string
  /** The command that runs `command` on a node. */
  on(node: DatabaseNode, command: readonly string[]): readonly string[]
  cut(node: DatabaseNode, processes: readonly number[]): void
  /** Disconnects it only from the other database nodes. */
  cutFromPeers(node: DatabaseNode): void
  heal(node: DatabaseNode, processes: readonly number[]): void
}

export function addressOf(node: DatabaseNode): string {
  return `${PREFIX}${11 + DATABASE_NODES.indexOf(node)}`
}

/** @param isOwn - whether this process has its own network and mounts, as started by `main.ts` */
export function createNetwork(isOwn: boolean): Network {
  return isOwn ? buildNamespaces() : useLoopback()
}

function buildNamespaces(): Network {
  ip('link set lo up')
  ip('link add ha type bridge')
  ip('link set ha up')
  for (const last of HERE) ip(`address add ${PREFIX}${last}/24 dev ha`)
  for (const node of DATABASE_NODES) {
    ip(`netns add ${node}`)
    ip(`link add ${node} type veth peer name eth0 netns ${node}`)
    ip(`link set ${node} master ha up`)
    ip(`-n ${node} address add ${addressOf(node)}/24 dev eth0`)
    for (const device of ['eth0', 'lo']) ip(`-n ${node} link set ${device} up`)
  }
  return {
    meaningOfCut: 'a network namespace for each node; its link is taken down',
    canCutPeers: true,
    place: (text) => text,
    on: (node, command) => ['ip', 'netns', 'exec', node, ...command],
    cut: (node) => ip(`link set ${node} down`),
    cutFromPeers: (node) =>
      execFileSync('ip', ['netns', 'exec', node, 'nft', '-f', '-'], { input: dropPeers(node) }),
    heal(node) {
      ip(`link set ${node} up`)
      // The table may not exist.
      execFileSync('sh', ['-c', `ip netns exec ${node} nft delete table inet ${CUT} 2>/dev/null || true`])
    },
  }
}

function dropPeers(node: DatabaseNode): string {
  const peers = DATABASE_NODES.filter((each) => each !== node)
    .map(addressOf)
    .join(', ')
  return `table inet ${CUT} {
  chain incoming { type filter hook input priority 0; ip saddr { ${peers} } drop; }
  chain outgoing { type filter hook output priority 0; ip daddr { ${peers} } drop; }
}
`
}

function useLoopback(): Network {
  return {
    meaningOfCut:
      'no network namespaces available; all processes of the node are stopped with SIGSTOP instead',
    canCutPeers: false,
    place: (text) => text.replaceAll(PREFIX, '127.0.1.'),
    on: (_node, command) => command,
    cut: (_node, processes) => signalAll(processes, 'SIGSTOP'),
    cutFromPeers() {
      throw new Error('loopback nodes cannot be disconnected from each other')
    },
    heal: (_node, processes) => signalAll(processes, 'SIGCONT'),
  }
}

function ip(command: string): void {
  execFileSync('ip', command.split(' '))
}
