// Reads the final content of the database on all nodes, and checks each invariant.
import { execFileSync } from 'node:child_process'

import type { Cluster } from './cluster.ts'
import {
  type Attempt,
  findDoubleUses,
  findLostGrants,
  findRefusedUnused,
  findUnexpectedAnswers,
  type GrantEvent,
} from './invariants.ts'
import { DATABASE_NODES, type DatabaseNode } from './network.ts'
import type { Scene } from './play-round.ts'
import { CLI, type Servers } from './servers.ts'

const SHOWN = 5

const GRANT_EVENTS = `select type, decision_id as "decisionId", grant_id as "grantId",
  body::json -> 'issued' ->> 'jtiHash' as "jtiHash"
  from audit_events where type in ('idjag.issued', 'token.redeemed')`

export interface Judged extends Scene {
  /** The requests during the rolling restart. */
  readonly rolling: readonly Attempt[]
  /** Across all rounds. */
  readonly keys: { readonly asked: number; readonly failures: readonly string[] }
}

/** Prints each invariant. @returns whether all hold */
export async function judge({ cluster, servers, load, rolling, keys }: Judged): Promise<boolean> {
  const { acknowledged, attempts } = load
  const events = await readGrants(cluster, cluster.findPrimary())
  const failedInRestart = rolling.filter(({ kind }) => kind !== 'granted' && kind !== 'used')
  const broken = Object.entries({
    [`lost grants, of ${acknowledged.length} acknowledged`]: findLostGrants(acknowledged, events),
    [`duplicate jti, of ${load.spent.length} redeemed`]: findDoubleUses(acknowledged, events),
    'unused ID-JAGs refused as used': findRefusedUnused(attempts),
    'unexpected responses (neither 503 with Retry-After nor a failed connection)':
      findUnexpectedAnswers(attempts),
    [`failed requests in the rolling restart, of ${rolling.length}`]: failedInRestart,
    [`requests for signing keys that failed, of ${keys.asked}`]: keys.failures,
    'database nodes with a log that differs from the primary': await findDifferent(cluster),
  }).filter(([title, found]) => {
    console.log(`${title}: ${found.length}`)
    for (const each of found.slice(0, SHOWN)) console.log(`  ${JSON.stringify(each)}`)
    return found.length > 0
  })
  return verifyLog(servers) && broken.length === 0
}

async function readGrants(cluster: Cluster, node: DatabaseNode): Promise<readonly GrantEvent[]> {
  const client = await cluster.connect(node, 'crosswalk')
  const { rows } = await client.query<GrantEvent>(GRANT_EVENTS)
  await client.end()
  return rows
}

async function findDifferent(cluster: Cluster): Promise<readonly DatabaseNode[]> {
  const heads = new Map<DatabaseNode, string>()
  for (const node of DATABASE_NODES) {
    const client = await cluster.connect(node, 'crosswalk')
    const { rows } = await client.query('select chain, seq, hash from audit_heads order by chain')
    heads.set(node, JSON.stringify(rows))
    await client.end()
  }
  return DATABASE_NODES.filter((node) => heads.get(node) !== heads.get(cluster.findPrimary()))
}

function verifyLog({ baseUrl, adminToken }: Servers): boolean {
  try {
    const said = execFileSync(
      process.execPath,
      [...process.execArgv, CLI, 'audit', 'verify', '--server', baseUrl],
      { encoding: 'utf8', env: { ...process.env, CROSSWALK_ADMIN_TOKEN: adminToken } },
    )
    console.log(`audit verify: ${said.trim()}`)
    return true
  } catch (error) {
    console.log(`audit verify failed: ${String(error)}`)
    return false
  }
}
