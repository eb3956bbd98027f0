// The fault of each round, and how it is repaired.
import { setTimeout as wait } from 'node:timers/promises'

import type { Cluster } from './cluster.ts'
import { DATABASE_NODES, type DatabaseNode, type Network } from './network.ts'

export interface Round {
  readonly title: string
  harm(primary: DatabaseNode): Promise<void> | void
  /** Called once tokens are issued again. */
  repair?(former: DatabaseNode): void
}

export function listRounds(cluster: Cluster, network: Network): readonly Round[] {
  const rounds: readonly (Round | false)[] = [
    {
      title: 'primary killed (PostgreSQL and Patroni)',
      harm: (primary) => cluster.kill(primary),
      repair: cluster.rejoin,
    },
    {
      title: 'PostgreSQL of the primary killed, Patroni kept',
      harm: (primary) => cluster.kill(primary, { keepPatroni: true }),
    },
    { title: 'network of the primary cut', harm: (primary) => cluster.cut(primary), repair: cluster.heal },
    network.canCutPeers && {
      title: 'primary cut from its peers, not from its clients',
      harm: (primary) => cluster.cutFromPeers(primary),
      repair: cluster.heal,
    },
    {
      title: 'planned switchover',
      harm: () => void cluster.control('switchover', '--force'),
    },
    { title: 'replicas restarted one by one', harm: (primary) => restartReplicas(cluster, primary) },
    {
      title: 'primary killed again',
      harm: (primary) => cluster.kill(primary),
      repair: cluster.rejoin,
    },
  ]
  return rounds.filter((round) => round !== false)
}

async function restartReplicas(cluster: Cluster, primary: DatabaseNode): Promise<void> {
  for (const node of DATABASE_NODES.filter((each) => each !== primary)) {
    cluster.control('restart', 'crosswalk', node, '--force')
    await cluster.untilWhole()
    await wait(1_000)
  }
}
