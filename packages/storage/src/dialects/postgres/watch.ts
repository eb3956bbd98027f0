// Hears from PostgreSQL that objects changed. A lost connection is opened again, and one look makes up for
// what was said meanwhile.
import type pg from 'pg'

import { OBJECTS_CHANNEL } from '../dialect.ts'
import { createClient } from './connections.ts'

const RETRY_MS = 1_000

/** @returns a function that stops listening; throws when the first connection cannot be made */
export async function listenForObjects(url: string, look: () => void): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let stopped = false

  async function connect(): Promise<void> {
    const next = createClient(url)
    next.on('notification', look)
    next.on('error', () => undefined)
    next.once('end', () => reconnectLater(next))
    client = next
    await next.connect()
    if (stopped) return next.end()
    await next.query(`listen ${OBJECTS_CHANNEL}`)
    look()
  }

  function reconnectLater(lost: pg.Client): void {
    if (stopped || client !== lost) return
    clearTimeout(retry)
    retry = setTimeout(() => {
      connect().catch(() => {
        if (client !== undefined) reconnectLater(client)
      })
    }, RETRY_MS).unref()
  }

  await connect()
  return async () => {
    stopped = true
    clearTimeout(retry)
    await client?.end()
  }
}
