// Listens to PostgreSQL for changed objects. A connection that only listens would not notice that the server is gone,
// so this one also queries. A lost connection is reopened, and one look makes up for missed notifications.
import { setTimeout as wait } from 'node:timers/promises'

import type pg from 'pg'

import { OBJECTS_CHANNEL } from '../dialect.ts'
import { createClient, isResponseTimeout } from './connections.ts'

const RETRY_MS = 1_000
const BEAT_MS = 2_000
const ANSWER_MS = 3_000

export interface ObjectWatch {
  /** Called when objects may have changed. */
  look(): void
  /** Called when PostgreSQL stopped responding without ending the connection. */
  onSilence(): void
}

/** @returns a function that stops listening; throws if the first connection fails */
export async function listenForObjects(url: string, watch: ObjectWatch): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function connect(): Promise<void> {
    const next = createClient(url, ANSWER_MS)
    next.on('notification', watch.look)
    next.on('error', () => undefined)
    next.once('end', () => reconnectLater(next))
    client = next
    await next.connect()
    if (stopped) return next.end()
    await next.query(`listen ${OBJECTS_CHANNEL}`)
    watch.look()
    beatLater(next)
  }

  function beatLater(current: pg.Client): void {
    timer = setTimeout(() => void beat(current), BEAT_MS).unref()
  }

  async function beat(current: pg.Client): Promise<void> {
    try {
      await current.query('select 1')
      if (!stopped && client === current) beatLater(current)
    } catch (error) {
      if (isResponseTimeout(error)) watch.onSilence()
      // The `end` event opens the next connection.
      void current.end()
    }
  }

  function reconnectLater(lost: pg.Client): void {
    if (stopped || client !== lost) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      connect().catch(() => {
        if (client === undefined) return
        void client.end()
        reconnectLater(client)
      })
    }, RETRY_MS).unref()
  }

  await connect()
  return async () => {
    stopped = true
    clearTimeout(timer)
    // The server may be gone, so do not wait for it long.
    await Promise.race([client?.end(), wait(ANSWER_MS, undefined, { ref: false })])
  }
}
