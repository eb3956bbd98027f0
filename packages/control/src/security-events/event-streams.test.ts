// What becomes of the pending events of a stream when two nodes change the stream at the same time.
import { AsyncLocalStorage } from 'node:async_hooks'

import type { EventStream } from '@crosswalk/idp'
import { expect, it } from 'vitest'

import { openNodes, type TestNode } from '../testing/open-nodes.ts'
import { createEventStreams } from './event-streams.ts'

const STREAM: EventStream = {
  ...{ id: 'str_a', audience: 'https://as.vendor.test', delivery: { method: 'poll' }, events: [] },
  ...{ status: 'enabled', receiver: 'receiver-a', configured: false },
}

async function openStreams() {
  const nodes = await openNodes({})
  const [{ storage }] = nodes
  return {
    streams: nodes.map(({ parts }: TestNode) => createEventStreams(parts)) as [Streams, Streams],
    add: (id: string) => storage.securityEvents.add([{ id, stream: STREAM.id, claims: {}, createdAt: 0 }]),
    listChanges: async () =>
      (await storage.events.list({ types: ['event_stream.changed'], limit: 10 })).items.map(
        ({ event }) => event,
      ),
    listPending: async () => (await storage.securityEvents.peek(STREAM.id, 10)).map(({ id }) => id),
  }
}
type Streams = ReturnType<typeof createEventStreams>

it('a stream that both nodes create keeps the events since its creation', async () => {
  const { streams, add, listPending } = await openStreams()
  const [one, other] = streams
  await add('of an earlier stream')
  // The first write of a use case counts; that of another node is no part of it.
  const elsewhere = AsyncLocalStorage.snapshot()
  let attempts = 0
  await other.change(async () => {
    attempts += 1
    if (attempts > 1) return
    await elsewhere(() => one.create(STREAM, 'receiver-a'))
    await add('of this stream')
    await other.create(STREAM, 'receiver-a')
  })
  expect(attempts).toBe(2)
  expect(await listPending()).toEqual(['of this stream'])
})

it('a stream drops its pending events when asked to, and when it is removed', async () => {
  const { streams, add, listPending } = await openStreams()
  const [one] = streams
  await one.create(STREAM, 'receiver-a')
  await add('first')
  await one.save({ ...STREAM, status: 'paused' }, 'receiver-a', 'keep')
  expect(await listPending()).toEqual(['first'])
  await one.save({ ...STREAM, status: 'disabled' }, 'receiver-a', 'drop')
  expect(await listPending()).toEqual([])
  await add('second')
  await one.remove(STREAM, 'receiver-a')
  expect(await listPending()).toEqual([])
})

it('a change of a stream is recorded with its reason and its endpoint', async () => {
  const { streams, listChanges } = await openStreams()
  const [one] = streams
  await one.create(STREAM, 'receiver-a')
  const endpoint = 'https://receiver.test/events'
  const delivery = { method: 'push', endpoint } as const
  await one.save({ ...STREAM, delivery, status: 'paused', statusReason: 'full' }, 'receiver-a', 'keep')
  expect(await listChanges()).toMatchObject([
    { actor: { kind: 'app', id: 'receiver-a' }, reason: 'full', change: { status: 'paused', endpoint } },
  ])
})
