// One round: stable state, a fault, recovery, repair, and the checks before the next round.
import { setTimeout as wait } from 'node:timers/promises'

import type { Cluster } from './cluster.ts'
import type { Round } from './faults.ts'
import type { Attempt } from './invariants.ts'
import type { Load } from './load.ts'
import { countAnswers, type PlayedRound } from './report.ts'
import type { Servers } from './servers.ts'
import { shareChange } from './share-change.ts'

const CALM_MS = 3_000
const RECOVERED_WITHIN_MS = 120_000
const REPLAYERS = 4

export interface Scene {
  readonly cluster: Cluster
  readonly servers: Servers
  readonly load: Load
}

export async function playRound(round: Round, { cluster, servers, load }: Scene): Promise<PlayedRound> {
  await wait(CALM_MS)
  const [firstAttempt, firstSpent] = [load.attempts.length, load.spent.length]
  const primary = cluster.findPrimary()
  console.log(`${round.title} (${primary} is primary)`)
  await wait(CALM_MS)
  await round.harm(primary)
  await untilCalm(load)
  round.repair?.(primary)
  await cluster.untilWhole()
  await untilCalm(load)
  const attempts = load.attempts.slice(firstAttempt)
  const again = load.spent.slice(firstSpent)
  await redeemAgain(load, again, servers.nodes)
  servers.expectAlive()
  await shareChange(servers, `change-${firstAttempt}`)
  console.log(`  ${cluster.findPrimary()} is primary; ${again.length} used ID-JAGs redeemed again`)
  return { title: round.title, attempts }
}

/** @returns the requests during the restart */
export async function playRollingRestart({ servers, load }: Scene): Promise<readonly Attempt[]> {
  await untilCalm(load)
  const first = load.attempts.length
  console.log('rolling restart of the Crosswalk nodes behind HAProxy')
  await servers.restartOneByOne()
  await untilCalm(load)
  return load.attempts.slice(first)
}

/**
 * Waits until tokens were issued for some seconds without a failure. A fault that was not yet noticed stops them
 * within one.
 */
async function untilCalm(load: Load): Promise<void> {
  const deadline = performance.now() + RECOVERED_WITHIN_MS
  do {
    if (performance.now() > deadline) {
      const lately = load.attempts.filter(({ answeredAt }) => answeredAt > performance.now() - 10 * CALM_MS)
      throw new Error(`not recovered after two minutes; ${countAnswers(lately)}`)
    }
    await wait(CALM_MS)
  } while (!isCalm(load))
}

function isCalm({ attempts }: Load): boolean {
  const since = performance.now() - CALM_MS
  const recent = attempts.filter(({ answeredAt }) => answeredAt >= since)
  const seconds = new Set(
    recent
      .filter(({ kind }) => kind === 'granted')
      .map(({ answeredAt }) => Math.floor((answeredAt - since) / 1_000)),
  )
  return seconds.size >= CALM_MS / 1_000 && recent.every(({ kind }) => kind === 'granted' || kind === 'used')
}

async function redeemAgain(load: Load, idJags: readonly string[], nodes: readonly string[]): Promise<void> {
  const waiting = [...idJags]
  const work = async (_: unknown, index: number) => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      await load.redeem(nodes[index % nodes.length] ?? '', next)
  }
  await Promise.all(Array.from({ length: REPLAYERS }, work))
}
