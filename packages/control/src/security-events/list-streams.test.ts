import { expect, it } from 'vitest'

import { listStreams } from './list-streams.ts'

const ISSUER = 'https://as.vendor.test'
const ENDPOINT = 'https://vendor.test/events'

it('resource apps with one authorization server and endpoint share a stream, which is sent once', () => {
  const app = (id: string, endpoint: string | undefined, issuer = ISSUER) =>
    [id, { definition: { id, issuer, securityEvents: { endpoint, events: [] } } }] as const
  const world = {
    'resource-apps': new Map([
      app('todo', ENDPOINT),
      app('notes', ENDPOINT),
      app('mail', `${ENDPOINT}/mail`),
      app('other', ENDPOINT, 'https://as.other.test'),
      app('silent', undefined),
    ]),
    streams: new Map(),
  }
  expect(listStreams(world as never)).toMatchObject([
    { id: 'app:todo', audience: ISSUER, delivery: { endpoint: ENDPOINT } },
    { id: 'app:mail', audience: ISSUER, delivery: { endpoint: `${ENDPOINT}/mail` } },
    { id: 'app:other', audience: 'https://as.other.test', delivery: { endpoint: ENDPOINT } },
  ])
})

it('the stream of a receiver exists while a resource app of its authorization server lists the receiver', () => {
  const lists = (receiver: string | undefined, issuer: string) =>
    new Map([['todo', { definition: { id: 'todo', issuer, securityEvents: { receiver } } }]])
  const stream = { id: 'str_1', receiver: 'agent', audience: ISSUER }
  const list = (resourceApps: object) =>
    listStreams({ 'resource-apps': resourceApps, streams: new Map([['str_1', stream]]) } as never)
  expect(list(lists('agent', ISSUER))).toEqual([stream])
  expect(list(lists('other', ISSUER))).toEqual([])
  expect(list(lists('agent', 'https://as.other.test'))).toEqual([])
  expect(list(lists(undefined, ISSUER))).toEqual([])
})
