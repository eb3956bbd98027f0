// The victim of the crash test: commits entries as fast as it can and prints each one that the ledger confirmed. Each
// entry has a replay key of its own, and one of a few that other lives of this process try as well. It also rotates
// keys, each time with an event that names the new key.
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

import { sampleEvent, sampleKey, sampleReplayKey, sampleToken } from './samples.ts'
import { openStorage } from '../open-storage.ts'
import type { Storage } from '../storage.ts'

const CONCURRENT = 24
const CONTESTED_KEYS = 40
const KEY_OWNER = 'crash'

/** Writes whole lines immediately, because the process dies without a chance to flush. */
function say(fields: readonly (string | number)[]): void {
  writeSync(1, `${fields.join(' ')}\n`)
}

async function commitForever(url: string): Promise<void> {
  const storage = await openStorage(url)
  const { ledger } = storage
  await Promise.all([
    rotateForever(storage),
    ...Array.from({ length: CONCURRENT }, async () => {
      for (let number = 0; ; number += 1) {
        const id = randomBytes(9).toString('base64url')
        const contested =
          number % 8 === 0 ? `contested-${Math.trunc(Math.random() * CONTESTED_KEYS)}` : undefined
        const outcome = await ledger.commit({
          log: number % 3 === 0 ? 'idp' : 'as:todo0',
          event: sampleEvent(number, { decision_id: `dec_${id}`, reason: 'x'.repeat(2_000) }),
          replayKeys: [id, ...(contested === undefined ? [] : [contested])].map((key) =>
            sampleReplayKey(key),
          ),
          accessToken: sampleToken(number, { id }),
        })
        if (outcome.committed) say([id, outcome.seq, contested ?? '-'])
      }
    }),
  ])
}

async function rotateForever({ keys }: Storage): Promise<void> {
  for (let number = 0; ; number += 1) {
    const kid = randomBytes(9).toString('base64url')
    const event = sampleEvent(number, { decision_id: `dec_${kid}` })
    const seen = await keys.list(KEY_OWNER)
    await keys.replace(KEY_OWNER, seen, [sampleKey(kid, { owner: KEY_OWNER })], { log: KEY_OWNER, event })
    // Leaves time for writing grants.
    await wait(5)
  }
}

const [url] = process.argv.slice(2)
if (url === undefined) throw new TypeError('usage: crash-writer.ts DATABASE_URL')
await commitForever(url)
