// The list of streams shows undelivered events of streams that no longer exist.
import { expect, it } from 'vitest'

import { createEventStreamHandlers } from './event-streams.ts'

const AUDIENCE = 'https://as.todo.test'
const NOW_MS = 1_800_000_000_000

it('lists a removed stream while events for it wait', async () => {
  const securityEvents = { endpoint: `${AUDIENCE}/events` }
  const todo0 = { id: 'todo0', issuer: AUDIENCE, securityEvents }
  const world = { 'resource-apps': new Map([['todo0', { definition: todo0 }]]), streams: new Map() }
  const counts = { delivered: 3, abandoned: 0 }
  const parts = {
    configuration: { idp: { issuer: 'https://idp.acme.test' } },
    directory: { current: () => ({ world }) },
    storage: {
      securityEvents: {
        readTimeMs: async () => NOW_MS,
        describe: async () => [
          { ...counts, stream: 'app:todo0', pending: 0 },
          { ...counts, stream: 'app:before', pending: 2, oldestCreatedAt: NOW_MS - 5_000 },
          { ...counts, stream: 'app:long-gone', pending: 0 },
        ],
        peek: async () => [{ claims: { aud: 'https://as.before.test' } }],
      },
    },
  }
  const list = createEventStreamHandlers(parts as never)['security-event-streams.list']
  expect(await list({ query: { limit: 9 } } as never, {} as never)).toMatchObject({
    body: {
      items: [
        {
          id: 'app:before',
          audience: 'https://as.before.test',
          status: 'removed',
          configured: true,
          pending: 2,
          lagSeconds: 5,
        },
        { id: 'app:todo0', audience: AUDIENCE, method: 'push', status: 'enabled', pending: 0 },
      ],
    },
  })
})
