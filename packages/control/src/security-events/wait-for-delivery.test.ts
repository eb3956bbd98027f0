import { expect, it } from 'vitest'

import { waitForDelivery } from './wait-for-delivery.ts'

const ACTED = 5000

/** @param method - of a stream; @param oldestPending - when its oldest event was created that is not acknowledged */
async function wait(method: string, status: string, oldestPending: number | undefined) {
  const stream = { id: 'str_a', audience: 'https://as.test', delivery: { method }, status }
  let now = 0
  // A second passes with each look at the clock.
  const elapsedMs = () => (now += 1000)
  const peek = async () => (oldestPending === undefined ? [] : [{ createdAt: oldestPending }])
  const deliveries = await waitForDelivery(
    { streams: [stream], actedAtMs: ACTED, elapsedMs } as never,
    { peek } as never,
  )
  return deliveries.map(({ acknowledgedMs }) => acknowledgedMs)
}

it.each([
  ['nothing is pending', 2000, undefined],
  ['only later events are pending', 2000, ACTED + 1],
  ['its event is pending', null, ACTED],
  ['an earlier event is pending', null, ACTED - 1],
])('if %s, the receiver acknowledged the act after %s ms', async (_, acknowledgedMs, oldestPending) => {
  expect(await wait('push', 'enabled', oldestPending)).toEqual([acknowledgedMs])
})

it.each([
  ['poll', 'enabled'],
  ['push', 'paused'],
  ['push', 'disabled'],
])('an act does not wait for a receiver by %s whose stream is %s', async (method, status) => {
  expect(await wait(method, status, undefined)).toEqual([])
})
