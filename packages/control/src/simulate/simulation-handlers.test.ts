// Which requests are evaluated in the evaluator's thread: those whose cost the caller controls.
import { expect, it } from 'vitest'

import { createExplainHandler } from './explain.ts'
import { createSimulationHandlers } from './simulation-handlers.ts'

const HERE = 'evaluated on the main thread'
const THERE = { status: 200, body: 'evaluated in the thread' }
let users = 10
const parts = {
  clock: { nowMs: () => 0 },
  directory: {
    current: () => ({
      world: { connections: new Map(Array.from({ length: 100 }, (_, at) => [at, {}])) },
      users: { items: { count: async () => users } },
      get exchange() {
        throw new Error(HERE)
      },
    }),
  },
  evaluate: async () => THERE,
} as never
const { simulate, ...handlers } = createSimulationHandlers(parts)
const explain = createExplainHandler(parts)
const context = { caller: { id: 'rita', role: 'auditor' } } as never

const PAST = { asOf: '1970-01-01T00:00:00Z' }
const DRAFT = { draft: {} }
const OPEN = { unknown: ['acr'] }

it.each([
  ['simulate', simulate, [PAST, DRAFT, OPEN]],
  [
    'explain',
    ({ body }: { readonly body: object }) => explain({ body: { request: body } } as never, context),
    [PAST, DRAFT, OPEN],
  ],
  ['simulate.matrix', handlers['simulate.matrix'], [PAST, DRAFT]],
  ['reach.who', handlers['reach.who'], [PAST]],
  ['reach.what', handlers['reach.what'], [PAST]],
] as const)('%s evaluates only current definitions on the main thread', async (_, handle, others) => {
  const ask = async (choice: object) =>
    handle({ body: { app: 'a', ...choice }, query: { app: 'a', ...choice } } as never, context)
  await expect(ask({})).rejects.toThrow(HERE)
  for (const choice of others) expect(await ask(choice)).toBe(THERE)
})

it.each(['reach.who', 'reach.what'] as const)(
  '%s considers at most a thousand pairs of user and connection on the main thread',
  async (route) => {
    const ask = async (query: object) => handlers[route]({ query } as never, context)
    users = 10
    await expect(ask({ app: 'a' })).rejects.toThrow(HERE)
    users = 11
    expect(await ask({ app: 'a' })).toBe(THERE)
    await expect(ask({ user: 'alice' })).rejects.toThrow(HERE)
  },
)
