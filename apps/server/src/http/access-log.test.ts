// An access log that cannot be written: lines are lost, requests are not.
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { openAccessLog } from './access-log.ts'

/** A disk without room, on Linux. */
const FULL = '/dev/full'

it.runIf(existsSync(FULL))('reports a full disk once, goes on, and can be closed', async () => {
  const faults: unknown[] = []
  const log = await openAccessLog({
    to: FULL,
    sealing: { keyedDigest: () => 'x'.repeat(32) },
    onFault: (fault, reference) => faults.push([reference, (fault as NodeJS.ErrnoException).code]),
  })
  for (let count = 0; count < 20; count += 1) {
    log.write({
      role: 'idp',
      request: new Request('https://idp.example/token'),
      path: '/token',
      ip: undefined,
      response: new Response(),
      durationMs: 1,
    })
    await setTimeout(5)
  }
  expect(faults).toEqual([['access-log', 'ENOSPC']])
  await log.close()
})
