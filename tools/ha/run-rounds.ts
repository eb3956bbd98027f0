// Runs the rounds on a cluster under load, and checks the result. Started by `main.ts`, in its own network if possible.
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { readMetadata, signInFor } from '../../tests/src/support/flow.ts'
import { findPostgres } from '../test/find-postgres.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { listRounds } from './faults.ts'
import { judge } from './judge.ts'
import { startLoad } from './load.ts'
import { createNetwork } from './network.ts'
import { playRollingRestart, playRound } from './play-round.ts'
import { startKeyProbe } from './probe-keys.ts'
import { countAnswers, type PlayedRound, renderRounds } from './report.ts'
import { type Servers, startServers } from './servers.ts'

const network = createNetwork(process.argv[2] === 'namespaces')
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-ha-'))
chmodSync(folder, 0o755)
// The real folder of the programs, not that of links to some of them.
const binaries = dirname(realpathSync(join(findPostgres() ?? '', 'postgres')))
const place = { folder, network, binaries }
console.log(`cutting a network: ${network.meaningOfCut}`)

let cluster: Cluster | undefined
let servers: Servers | undefined
try {
  cluster = await startCluster(place)
  console.log('three database nodes are up: one primary, one synchronous standby, one replica')
  await makeDatabase(cluster)
  servers = await startServers(place)
  console.log('two Crosswalk nodes are up behind HAProxy')
  const ok = await play(cluster, servers)
  if (ok) rmSync(folder, { recursive: true, force: true })
  else console.log(`logs are in ${folder}`)
  process.exitCode = ok ? 0 : 1
} finally {
  servers?.stop()
  cluster?.stop()
}

/** As described in `docs/how-to/high-availability.md`. */
async function makeDatabase(made: Cluster): Promise<void> {
  const client = await made.connect(made.findPrimary(), 'postgres')
  await client.query(`create role crosswalk login password 'secret'`)
  await client.query('create database crosswalk owner crosswalk')
  await client.end()
}

async function play(on: Cluster, behind: Servers): Promise<boolean> {
  const { baseUrl, nodes } = behind
  const [first = '', second = ''] = nodes
  const { idToken } = await signInFor(baseUrl, 'alice')
  const { jwks_uri: jwksUri = '' } = await readMetadata(`${baseUrl}/.well-known/openid-configuration`)
  const keyProbe = startKeyProbe(jwksUri)
  const load = startLoad({ baseUrl, idToken, redeemAt: [first, second] })
  const scene = { cluster: on, servers: behind, load }
  const rounds: PlayedRound[] = []
  for (const round of listRounds(on, network)) {
    rounds.push(await playRound(round, scene))
  }
  load.redeemAt([baseUrl, baseUrl])
  const rolling = await playRollingRestart(scene)
  await load.stop()
  const keys = await keyProbe.stop()
  console.log(renderRounds(rounds))
  console.log(countAnswers(load.attempts))
  return judge({ ...scene, rolling, keys })
}
