// Nodes far from their database: the throughput of eight nodes relative to one. Each node has one redemption in
// flight, so that round trips limit it, not the CPUs of this machine, which all nodes share.
import type { Bench } from '../bench.ts'
import { unpin } from '../harness/pinning.ts'
import { spreadOf } from '../harness/statistics.ts'
import { makePostgres } from '../lists/databases.ts'
import { type Child, type NodeResult, startChild } from '../nodes/messages.ts'

const NODES = 8
const DELAY_MS = 2
const RUN = { milliseconds: 2_000, inFlight: 1 }
/** Time for nodes to find their chains, and for connections to prepare their statements */
const WARM_UP = { milliseconds: 3_000, inFlight: 1 }

interface Measured {
  readonly perSecond: number
  readonly roundTripsPerBatch: number
}

export const nodes: Bench = {
  name: 'nodes',
  what: `redemptions recorded by ${NODES} nodes at ${DELAY_MS} ms to PostgreSQL, relative to one`,
  onlyNamed: true,
  async run({ rounds }) {
    await using stack = new AsyncDisposableStack()
    unpin()
    const database = await makePostgres(stack)
    if (database === undefined) return 'nodes: PostgreSQL is not installed'
    const url = new URL(database.url)
    const { child: proxy, ready } = await startChild<{ port: number }>(
      stack,
      new URL('../nodes/delaying-proxy.ts', import.meta.url),
      [url.port, String(DELAY_MS)],
    )
    url.port = String(ready.port)
    const writers: Child[] = []
    for (let number = 0; number < NODES; number += 1) writers.push(await startWriter(stack, url.href))
    await measure(writers, proxy, WARM_UP)
    const ofOne: Measured[] = []
    const ofAll: Measured[] = []
    for (let round = 0; round < rounds; round += 1) {
      ofOne.push(await measure(writers.slice(0, 1), proxy, RUN))
      ofAll.push(await measure(writers, proxy, RUN))
    }
    return render(ofOne, ofAll)
  },
}

async function startWriter(stack: AsyncDisposableStack, url: string): Promise<Child> {
  const file = new URL('../nodes/node-writer.ts', import.meta.url)
  return (await startChild(stack, file, [url])).child
}

async function measure(writers: readonly Child[], proxy: Child, run: typeof RUN): Promise<Measured> {
  const before = await countRoundTrips(proxy)
  const start = performance.now()
  const ran = await Promise.all(writers.map((writer) => writer.ask<NodeResult>(run)))
  const seconds = (performance.now() - start) / 1000
  const roundTrips = (await countRoundTrips(proxy)) - before
  const sum = (member: keyof NodeResult) => ran.reduce((all, one) => all + one[member], 0)
  return { perSecond: sum('entries') / seconds, roundTripsPerBatch: roundTrips / sum('batches') }
}

async function countRoundTrips(proxy: Child): Promise<number> {
  return (await proxy.ask<{ roundTrips: number }>({})).roundTrips
}

function render(ofOne: readonly Measured[], ofAll: readonly Measured[]): string {
  const ratio = spreadOf(ofAll.map(({ perSecond }, round) => perSecond / (ofOne[round]?.perSecond ?? NaN)))
  const describe = (all: readonly Measured[]) => {
    const rate = spreadOf(all.map(({ perSecond }) => perSecond)).median
    const trips = spreadOf(all.map(({ roundTripsPerBatch }) => roundTripsPerBatch)).median
    return `${Math.round(rate).toLocaleString('en')} per second, ${trips.toFixed(2)} round trips per batch`
  }
  return [
    `nodes: ${nodes.what}`,
    `  ratio                   ${ratio.median.toFixed(2)} (${ratio.lowest.toFixed(2)}–${ratio.highest.toFixed(2)})`,
    `  1 node                  ${describe(ofOne)}`,
    `  ${NODES} nodes                 ${describe(ofAll)}`,
    `  ${ofOne.length} rounds in turns, one redemption in flight per node`,
  ].join('\n')
}
