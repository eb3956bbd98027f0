// All benchmarks, in the order they run.
import type { Bench } from './bench.ts'
import { exchange, firstExchange } from './legs/exchange.ts'
import { floor } from './legs/floor.ts'
import { lists } from './legs/lists.ts'
import { nodes } from './legs/nodes.ts'
import { policy } from './legs/policy.ts'
import { redemption } from './legs/redemption.ts'
import { scale } from './legs/scale.ts'
import { workers } from './legs/workers.ts'

export const BENCHES: readonly Bench[] = [
  floor,
  exchange,
  firstExchange,
  redemption,
  policy,
  lists,
  scale,
  nodes,
  workers,
]
