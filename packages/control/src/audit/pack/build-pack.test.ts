// The pack of a busy log, which has a checkpoint for every event, stays within the limits of verification. A pack fails if
// retention removes its events meanwhile.
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { type Checkpoint, hashText, linkHash, type RecordedEvent } from '@crosswalk/storage'
import { strFromU8, unzipSync } from 'fflate'
import { expect, it } from 'vitest'

import { createCheckpointSeal } from '../delivery/checkpoint-seal.ts'
import { createExportLimit } from '../export-limit.ts'
import { createPackHandlers } from './build-pack.ts'
import { verifyPack } from './verify-pack.ts'

const EVENTS = 40_000
/** Numbers of the events that the auditor asked for */
const SHOWN = [10, 20_000]
const place = { log: 'idp', chain: 'idp' }
const NOON_MS = Date.parse('2026-11-29T12:00:00Z')
const seal = createCheckpointSeal({ keyedDigest: () => Buffer.alloc(32, 'ours').toString('base64url') })

function makeLog(length = EVENTS): RecordedEvent[] {
  const recorded: RecordedEvent[] = []
  let prevHash = ''
  for (let seq = 1; seq <= length; seq += 1) {
    const event = {
      schema: 'xaa.event/v1',
      id: `evt_${seq}`,
      time: new Date(NOON_MS).toISOString(),
      type: SHOWN.includes(seq) ? 'signin.succeeded' : 'signin.failed',
      category: 'session',
      severity: 'info',
      outcome: 'success',
      actor: { kind: 'user', id: 'usr_alice' },
    }
    const body = JSON.stringify(event)
    const hash = linkHash(prevHash, place.chain, seq, hashText(body))
    recorded.push({ ...place, seq, prevHash, hash, body, event } as RecordedEvent)
    prevHash = hash
  }
  return recorded
}

/** Only the ends have real signatures. The other statements are long, so that fewer of them exceed the limit of 256 MiB. */
function sealLog(log: readonly RecordedEvent[]): Promise<Checkpoint[]> {
  return Promise.all(
    log.map(async ({ seq, hash }) => {
      const sealed = { ...place, seq, hash, kind: 'head' as const }
      const time = new Date(NOON_MS).toISOString()
      const statement =
        seq === SHOWN[0] || seq === EVENTS ? await seal.sign({ ...sealed, time }) : 'x'.repeat(7_000)
      return { ...sealed, time: NOON_MS, statement }
    }),
  )
}

/** @param readEvents - reads the log */
async function requestPack(
  log: readonly RecordedEvent[],
  checkpoints: readonly Checkpoint[],
  readEvents: () => Iterable<RecordedEvent> = () => log,
): Promise<ReadableStream<Uint8Array>> {
  const storage = {
    auditCheckpoints: { list: async () => [...checkpoints] },
    events: { list: async () => ({ items: [log.at(-1)] }), stream: readEvents },
    ledger: { commit: async () => undefined },
  }
  const parts = {
    storage,
    clock: { nowMs: () => NOON_MS },
    configuration: { baseUrl: 'https://idp.acme.test' },
    auditKeeper: { sealNow: async () => undefined, seal },
  }
  const handlers = createPackHandlers(parts as never, createExportLimit())
  const asked = { query: { type: 'signin.succeeded' } }
  const response = await handlers['audit.pack'](asked as never, { caller: { id: 'admin' } } as never)
  return (response as Response).body as ReadableStream<Uint8Array>
}

it('packs the checkpoints at both ends of a chain, however many are between them', async () => {
  const log = makeLog()
  const body = await requestPack(log, await sealLog(log))
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-pack-'))
  try {
    const file = join(folder, 'pack.zip')
    await pipeline(Readable.fromWeb(body as never), createWriteStream(file))
    expect(await verifyPack(file)).toMatchObject({
      ok: true,
      chains: [{ chain: 'idp', begins: 10, ends: EVENTS, sealedUntil: EVENTS, hashed: EVENTS - 11 }],
    })
    const { items } = JSON.parse(strFromU8(unzipSync(readFileSync(file))['checkpoints.json'] as Uint8Array))
    expect(items.map(({ seq }: Checkpoint) => seq)).toEqual([10, EVENTS])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('fails if retention removes events of the pack meanwhile', async () => {
  const log = makeLog(30)
  const head = { ...place, seq: 30, hash: '', kind: 'head', time: NOON_MS, statement: '' } as const
  const checkpoints: Checkpoint[] = [head]
  const body = await requestPack(log, checkpoints, () => {
    checkpoints.unshift({ ...head, seq: 19, kind: 'cut' })
    return log.filter(({ seq }) => seq < 15 || seq >= 20)
  })
  await expect(new Response(body).text()).rejects.toThrow('retention removed events of idp')
})
