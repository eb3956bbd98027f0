// Verifies an evidence pack without the server: that its events lead to the signed checkpoints, and that every file is the one
// that the server signed.
import { createHash } from 'node:crypto'

import { type HashRun, type PackManifest, zHashRun } from '@crosswalk/admin-api'
import { computeThumbprint } from '@crosswalk/as-core'
import type { PublicJwk } from '@crosswalk/protocol'
import { z } from 'zod'

import { limitBytes, MIB, splitLines } from '../bounded-content.ts'
import { CopyError } from '../copy-error.ts'
import { createManifestReader } from '../delivery/checkpoint-seal.ts'
import {
  type CopiedChain,
  type CopyEntry,
  type CopyVerdict,
  openReader,
  parseLine,
  parseLines,
  verifyEntries,
} from '../verify-copy.ts'
import { openPack } from './open-pack.ts'
import { CHECKPOINTS, EVENTS, HASHES, KEYS, MANIFEST } from './pack-files.ts'
import type { ZipReader } from './read-zip.ts'

export type PackVerdict = {
  /** Thumbprint of the key that was used */
  readonly kid: string
} & (
  | { readonly ok: true; readonly manifest: PackManifest; readonly chains: readonly CopiedChain[] }
  | { readonly ok: false; readonly why: string }
)

/** Events and hashes are as large as a ZIP file can be. Older packs have every checkpoint of their period. */
const MAX_BYTES: ReadonlyMap<string, number> = new Map([
  [EVENTS, 4096 * MIB],
  [HASHES, 4096 * MIB],
  [CHECKPOINTS, 256 * MIB],
])
const MAX_OTHER_BYTES = 16 * MIB

const zManifestFile = z.object({ statement: z.string() })
const zCheckpointsFile = z.object({ items: z.array(z.object({ statement: z.string() })) })
const zKeysFile = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) })

/**
 * @param publicJwk - the key from elsewhere; without it, the key in the pack, which anyone could have put there
 * @throws CopyError if the file is not a pack, or the key is unusable
 */
export async function verifyPack(path: string, publicJwk?: PublicJwk): Promise<PackVerdict> {
  const pack = await openPack(path)
  try {
    const key = publicJwk ?? ((await readJson(pack, KEYS, zKeysFile)).keys[0] as unknown as PublicJwk)
    const verdict = await judge(pack, key)
    return { kid: computeThumbprint(key), ...verdict }
  } finally {
    await pack.close()
  }
}

type Verdict =
  | { ok: true; manifest: PackManifest; chains: readonly CopiedChain[] }
  | { ok: false; why: string }

async function judge(pack: ZipReader, publicJwk: PublicJwk): Promise<Verdict> {
  const { statement } = await readJson(pack, MANIFEST, zManifestFile)
  const manifest = openReader(publicJwk, createManifestReader)(statement)
  if (manifest === undefined) return refuse('its manifest is not signed by this key')
  const missing = Object.keys(manifest.files).find((name) => !pack.names.includes(name))
  if (missing !== undefined) return refuse(`${missing} is missing`)
  const added = pack.names.find((name) => name !== MANIFEST && !Object.hasOwn(manifest.files, name))
  if (added !== undefined) return refuse(`${added} is not a file that the server signed`)
  try {
    const statements = (await readJson(pack, CHECKPOINTS, zCheckpointsFile)).items.map((it) => it.statement)
    const copy = await verifyEntries(readEntries(pack, manifest), { statements, publicJwk })
    const why = findCopyFault(copy) ?? (await findFileFault(pack, manifest))
    return why === undefined ? { ok: true, manifest, chains: copy.chains } : refuse(why)
  } catch (error) {
    if (error instanceof CopyError || isDamage(error)) return refuse((error as Error).message)
    throw error
  }
}

function refuse(why: string): Verdict {
  return { ok: false, why }
}

/** Whether content could not be decompressed. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}

function findCopyFault({ foreignCheckpoints, chains }: CopyVerdict): string | undefined {
  const bad = chains.find(({ firstBad }) => firstBad !== undefined)
  if (bad?.firstBad !== undefined) return `${bad.chain}#${bad.firstBad.seq}: ${bad.firstBad.why}`
  if (foreignCheckpoints > 0) return `${CHECKPOINTS}: a checkpoint is not signed by this key`
  const open = chains.find(({ ends, sealedUntil }) => sealedUntil < ends)
  return open === undefined
    ? undefined
    : `${open.chain}#${Math.max(open.begins, open.sealedUntil + 1)}: no checkpoint seals it`
}

/** Finds what the chains cannot show, such as an event that was replaced with its hash. */
async function findFileFault(pack: ZipReader, { files }: PackManifest): Promise<string | undefined> {
  for (const [name, digest] of Object.entries(files)) {
    const sha256 = createHash('sha256')
    for await (const chunk of readFile(pack, name)) sha256.update(chunk)
    if (sha256.digest('base64url') !== digest) return `${name} is not the file that the server signed`
  }
  return undefined
}

/** Merges events and hashes in the order of their chains. */
async function* readEntries(pack: ZipReader, { chains }: PackManifest): AsyncGenerator<CopyEntry> {
  const order = new Map(chains.map((chain, index) => [chain, index]))
  const placeOf = (entry: CopyEntry) => order.get(entry.chain) ?? chains.length
  const isBefore = (one: CopyEntry, other: CopyEntry) => {
    const [place, otherPlace] = [placeOf(one), placeOf(other)]
    return place === otherPlace ? one.seq < other.seq : place < otherPlace
  }
  // Each chain takes memory.
  const checkChain = <Entry extends CopyEntry>(entry: Entry): Entry => {
    if (order.has(entry.chain)) return entry
    throw new CopyError(`${entry.chain} is not a chain that the server signed`)
  }
  const runs = parseLines(readLines(pack, HASHES), (...line) => checkChain(parseRun(...line)))
  let run = await runs.next()
  const events = parseLines(readLines(pack, EVENTS), (...line) => checkChain(parseLine(...line)))
  for await (const event of events) {
    for (; run.done !== true && isBefore(run.value, event); run = await runs.next()) yield run.value
    yield event
  }
  for (; run.done !== true; run = await runs.next()) yield run.value
}

function parseRun(json: unknown, number: number): HashRun {
  const parsed = zHashRun.safeParse(json)
  if (parsed.success) return parsed.data
  throw new CopyError(`${HASHES}: line ${number} has no hashes`)
}

function readLines(pack: ZipReader, name: string): AsyncGenerator<string> {
  return splitLines(readFile(pack, name), { name })
}

function readFile(pack: ZipReader, name: string): AsyncGenerator<Uint8Array> {
  return limitBytes(pack.read(name), { name, maxBytes: MAX_BYTES.get(name) ?? MAX_OTHER_BYTES })
}

async function readJson<T>(pack: ZipReader, name: string, schema: z.ZodType<T>): Promise<T> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readFile(pack, name)) chunks.push(chunk)
  try {
    return schema.parse(JSON.parse(Buffer.concat(chunks).toString()))
  } catch {
    throw new CopyError(`it has no valid ${name}`)
  }
}
