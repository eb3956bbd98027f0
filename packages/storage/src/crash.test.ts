// Kill -9 at random times under load: everything that the ledger confirmed is present, chained, and stays used.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { expect } from 'vitest'

import { itOnDatabases } from '../../../tools/test-databases.ts'
import { sampleEntry, sampleReplayKey } from './contract/samples.ts'
import { verifyLog } from './contract/verify-log.ts'
import { openStorage } from './open-storage.ts'
import type { Storage } from './storage.ts'

const LIVES = 10
const LONGEST_LIFE_MS = 120
const LOGS = ['idp', 'as:todo0']

interface Confirmed {
  readonly id: string
  readonly seq: number
  readonly contested: string | undefined
}

itOnDatabases(
  'IDP-38, RAS-19: $name keeps every confirmed entry over 10 kills and accepts no replay key twice',
  async ({ create }) => {
    const url = await create()
    const storage = await openStorage(url)
    const all: Confirmed[] = []
    try {
      for (let life = 0; life < LIVES; life += 1) {
        const confirmed = await liveAndDie(url, Math.random() * LONGEST_LIFE_MS)
        for (const entry of confirmed) await expectKept(storage, entry)
        await expectRotationRecorded(storage)
        all.push(...confirmed)
      }
      expect(all.length).toBeGreaterThan(LIVES)
      await expectWholeLogs(storage, all.length)
      expectContestedOnce(all)
    } finally {
      await storage.close()
    }
  },
)

/** Runs the writer once, and kills it `afterMs` after its first entry was confirmed, which takes a while under load. */
async function liveAndDie(url: string, afterMs: number): Promise<readonly Confirmed[]> {
  const writer = fileURLToPath(new URL('contract/crash-writer.ts', import.meta.url))
  const flags = ['--conditions=crosswalk-source', '--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, writer, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const confirmed: Confirmed[] = []
  for await (const line of createInterface(child.stdout)) {
    const [id = '', seq = '', contested] = line.split(' ')
    if (confirmed.length === 0) void wait(afterMs).then(() => child.kill('SIGKILL'))
    confirmed.push({ id, seq: Number(seq), contested: contested === '-' ? undefined : contested })
  }
  const [, signal] = (await closed) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  return confirmed
}

async function expectKept(storage: Storage, { id, seq, contested }: Confirmed): Promise<void> {
  expect(await storage.events.findByDecision(`dec_${id}`)).toMatchObject([{ seq }])
  expect(await storage.accessTokens.find('todo0', id)).toMatchObject({ id })
  for (const key of contested === undefined ? [id] : [id, contested]) {
    const again = await storage.ledger.commit(
      sampleEntry(1, { log: 'idp', replayKeys: [sampleReplayKey(key)] }),
    )
    expect(again).toMatchObject({ committed: false, used: { key } })
  }
}

/** The last recorded rotation is the one that happened. */
async function expectRotationRecorded({ keys, events }: Storage): Promise<void> {
  const findHead = async () => (await events.heads()).find(({ log }) => log === 'crash')
  // The database may still complete what the process that died had sent it, so both are read until neither moves.
  for (let head = await findHead(); head !== undefined;) {
    const [last] = await events.readAfter({ chain: head.chain, afterSeq: head.seq - 1 }, 1)
    const [key] = await keys.list('crash')
    const later = await findHead()
    if (later?.seq === head.seq) return expect(`dec_${key?.kid ?? ''}`).toBe(last?.event.decision_id)
    head = later
  }
}

async function expectWholeLogs(storage: Storage, confirmed: number): Promise<void> {
  const verdicts = await Promise.all(LOGS.map((log) => verifyLog(storage.events, log)))
  expect(verdicts.map(({ ok, bad }) => ({ ok, bad }))).toEqual(LOGS.map(() => ({ ok: true, bad: [] })))
  // Entries written but not yet confirmed when the writer died may be present too.
  const kept = verdicts.reduce((sum, { events }) => sum + events, 0)
  expect(kept).toBeGreaterThanOrEqual(confirmed)
}

/** A replay key tried by many lives was confirmed to at most one of them. */
function expectContestedOnce(all: readonly Confirmed[]): void {
  const winners = all.flatMap(({ contested }) => (contested === undefined ? [] : [contested]))
  expect(winners.length).toBe(new Set(winners).size)
  expect(winners.length).toBeGreaterThan(0)
}
