// Makes evidence packs: matching events, and what an auditor needs to verify them without a server. Streams them, so that
// their size does not matter. Recorded, because a pack hands out events.
import { createHash } from 'node:crypto'

import { type AuditFilter, type HashRun, MAX_PACKED, type PackManifest, ZIP } from '@crosswalk/admin-api'
import { dropUndefined } from '@crosswalk/protocol'
import { hashText } from '@crosswalk/storage'

import { type AdminContext, type Handlers, principalOf } from '../../http/context.ts'
import { buildProblem } from '../../http/problem.ts'
import type { Parts } from '../../parts.ts'
import { recordAdminEvent } from '../change-event.ts'
import type { AuditKeeperPart } from '../delivery/audit-keeper.ts'
import { renderEvent } from '../delivery/render-event.ts'
import type { ExportLimit } from '../export-limit.ts'
import { renderCheckpoints } from '../render-checkpoints.ts'
import { type EventFilter, matchesFilter, readFilter } from '../event-filter.ts'
import { streamChain } from '../stream-chain.ts'
import { createEventCounter } from './event-counts.ts'
import { CHECKPOINTS, EVENTS, HASHES, KEYS, MANIFEST, SUMMARY } from './pack-files.ts'
import { findPackRanges, type PackRange, selectCheckpoints } from './pack-ranges.ts'
import { renderSummary } from './summary-page.ts'
import { writeZip, type ZipFile } from './write-zip.ts'

type PackParts = Parts<'configuration' | 'directory' | 'storage' | 'clock'> & AuditKeeperPart

export function createPackHandlers(parts: PackParts, exportLimit: ExportLimit): Pick<Handlers, 'audit.pack'> {
  return {
    'audit.pack': ({ query }, context) => exportLimit.stream(context, () => openPack(parts, query, context)),
  }
}

async function openPack(parts: PackParts, query: AuditFilter, context: AdminContext) {
  const filter = await readFilter(parts, query)
  const events = (await findPackRanges(parts, filter)).reduce((sum, it) => sum + it.upTo - it.afterSeq, 0)
  if (events > MAX_PACKED)
    return buildProblem('too-much', {
      detail: `The chains have ${events} events in this period, and a pack covers at most ${MAX_PACKED}. Choose a shorter period.`,
    })
  // Recorded and sealed first, so that the pack can include its own event.
  await recordAdminEvent(parts, context, {
    type: 'audit.packed',
    category: 'audit',
    change: { query },
  })
  await parts.auditKeeper.sealNow()
  const ranges = await findPackRanges(parts, filter)
  const time = new Date(parts.clock.nowMs()).toISOString()
  const fileName = `crosswalk-evidence-${time.slice(0, 19).replaceAll(/[-:]/g, '')}.zip`
  return {
    chunks: writeZip(listFiles(parts, { ranges, filter, query, time, fileName, context })),
    headers: { 'content-type': ZIP, 'content-disposition': `attachment; filename="${fileName}"` },
  }
}

interface Pack {
  readonly ranges: readonly PackRange[]
  readonly filter: EventFilter
  readonly query: AuditFilter
  /** RFC 3339 */
  readonly time: string
  readonly fileName: string
  readonly context: AdminContext
}

/** Each file is read to its end before the next one, so the later ones know what the events were. */
async function* listFiles(
  { configuration, storage, auditKeeper: { seal } }: PackParts,
  { ranges, filter, query, time, fileName, context }: Pack,
): AsyncGenerator<ZipFile> {
  const digests: Record<string, string> = {}
  const addFile = (name: string, content: ZipFile['content']): ZipFile => ({
    name,
    content: digestContent(content, (digest) => (digests[name] = digest)),
  })
  const selection = createSelection({ storage }, filter)
  yield addFile(EVENTS, selection.readEvents(ranges))
  yield addFile(HASHES, selection.hashes)
  const items = ranges.flatMap((range) => {
    const first = selection.firstOf.get(range.chain)
    return first === undefined ? [] : selectCheckpoints(range, first)
  })
  const { publicJwk } = seal
  yield addFile(CHECKPOINTS, [
    renderJson({ schema: 'crosswalk.checkpoints/v1', ...renderCheckpoints(items, seal) }),
  ])
  yield addFile(KEYS, [renderJson({ keys: [publicJwk] })])
  const counts = selection.counter.read()
  const manifest: Omit<PackManifest, 'files'> = {
    server: configuration.baseUrl,
    by: principalOf(context.caller),
    time,
    filter: dropUndefined({ ...query }) as Record<string, string>,
    events: counts.events,
    chains: [...selection.firstOf.keys()],
  }
  const summary = await renderSummary({ counts, manifest, kid: publicJwk.kid, fileName })
  yield addFile(SUMMARY, [Buffer.from(summary)])
  const statement = await seal.signManifest({ ...manifest, files: digests })
  yield { name: MANIFEST, content: [renderJson({ schema: 'crosswalk.audit-pack/v1', statement })] }
}

function renderJson(document: object): Buffer {
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`)
}

async function* digestContent(
  content: ZipFile['content'],
  done: (digest: string) => void,
): AsyncGenerator<Uint8Array> {
  const sha256 = createHash('sha256')
  for await (const chunk of content) {
    sha256.update(chunk)
    yield chunk
  }
  done(sha256.digest('base64url'))
}

const MAX_RUN = 1000

/** Sorts the events of chains into those to show and those to hash. */
function createSelection({ storage }: Parts<'storage'>, filter: EventFilter) {
  const counter = createEventCounter()
  /** By chain, in the order of the chains: number of the first event to show */
  const firstOf = new Map<string, number>()
  /** Lines of hashes; for half a million events, 25 MB */
  const hashes: Buffer[] = []
  const addHashes = ({ log, chain }: PackRange, seq: number, textHashes: readonly string[]) => {
    const run: HashRun = { log, chain, seq, textHashes: [...textHashes] }
    if (textHashes.length > 0) hashes.push(Buffer.from(`${JSON.stringify(run)}\n`))
  }

  async function* readRange(range: PackRange): AsyncGenerator<Uint8Array> {
    const { chain } = range
    let pending: string[] = []
    let last = range.afterSeq
    for await (const event of streamChain({ storage }, range)) {
      last = event.seq
      const isShown = matchesFilter(event, filter)
      if (isShown || pending.length === MAX_RUN) {
        addHashes(range, event.seq - pending.length, pending)
        pending = []
      }
      if (isShown) {
        if (!firstOf.has(chain)) firstOf.set(chain, event.seq)
        counter.add(event)
        yield Buffer.from(renderEvent(event, 'ndjson'))
      } else if (firstOf.has(chain)) pending.push(hashText(event.body))
    }
    addHashes(range, last - pending.length + 1, pending)
  }

  async function* readEvents(ranges: readonly PackRange[]): AsyncGenerator<Uint8Array> {
    for (const range of ranges) yield* readRange(range)
  }

  return { counter, firstOf, hashes, readEvents }
}
