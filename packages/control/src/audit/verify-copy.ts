// Verifies a copy of the logs, as `audit export` writes it, without the server and its database. The hashes show that the
// copy is consistent; only checkpoints show that it is what the server recorded.
import { isDeepStrictEqual } from 'node:util'

import type { HashRun } from '@crosswalk/admin-api'
import { isObject, parseJson, type PublicJwk } from '@crosswalk/protocol'
import {
  type ChainHead,
  findCutEnd,
  findLinkFault,
  findSealFault,
  FIRST_PREV_HASH,
  linkHash,
} from '@crosswalk/storage'
import { z } from 'zod'

import { type Chunks, splitLines } from './bounded-content.ts'
import { CopyError } from './copy-error.ts'
import { buildAnchors, type LogAnchors } from './delivery/anchors.ts'
import { createStatementReader } from './delivery/checkpoint-seal.ts'
import { TEST_LOG } from './delivery/test-event.ts'
import { NOT_AN_EVENT, readEventText } from './read-event-text.ts'

export interface CopiedChain {
  readonly chain: string
  /** Number of its first event in the copy; earlier ones were not verified */
  readonly begins: number
  /** Number of its last valid event */
  readonly ends: number
  /** Number of the last event that a checkpoint confirms; 0 without checkpoints */
  readonly sealedUntil: number
  /** Number of its valid events of which the copy has only the hash */
  readonly hashed: number
  readonly firstBad?: { readonly seq: number; readonly why: string }
}

export interface CopyVerdict {
  readonly ok: boolean
  /** Number of valid events, without those of which the copy has only the hash */
  readonly events: number
  /** Number of checkpoints without a valid signature by the key */
  readonly foreignCheckpoints: number
  readonly chains: readonly CopiedChain[]
}

export interface Checkpoints {
  readonly statements: readonly string[]
  readonly publicJwk: PublicJwk
}

const zLine = z.looseObject({
  log: z.string(),
  chain: z.string(),
  seq: z.int().min(1),
  prevHash: z.string(),
  hash: z.string(),
  text: z.string(),
})
type Line = z.output<typeof zLine>
/** An event, or the hashes of several that the copy leaves out */
export type CopyEntry = Line | HashRun

const NOTHING_SEALED: ReadonlyMap<number, string> = new Map()

/** A chain of which more lines may follow */
type OpenChain = CopiedChain & { readonly head: ChainHead }

/**
 * @param copy - its content, and the name that errors have for it
 * @throws CopyError for a line that `audit export` did not write, and for an unusable key
 */
export function verifyCopy(
  { chunks, name }: { readonly chunks: Chunks; readonly name: string },
  checkpoints: Partial<Checkpoints> = {},
): Promise<CopyVerdict> {
  return verifyEntries(parseLines(splitLines(chunks, { name }), parseLogged), checkpoints)
}

/** @throws CopyError for an unusable key */
export async function verifyEntries(
  entries: AsyncIterable<CopyEntry>,
  { statements, publicJwk }: Partial<Checkpoints>,
): Promise<CopyVerdict> {
  const read = publicJwk === undefined ? undefined : openReader(publicJwk, createStatementReader)
  const sealed = (statements ?? []).map((statement) => read?.(statement))
  const anchors = buildAnchors(sealed.filter((one) => one !== undefined))
  const open = new Map<string, OpenChain>()
  for await (const entry of entries) {
    const anchor = anchors.get(entry.chain)
    const before = open.get(entry.chain) ?? beginChain(entry, anchor)
    open.set(entry.chain, 'text' in entry ? addLine(before, entry, anchor) : addHashes(before, entry, anchor))
  }
  const names = [...new Set([...open.keys(), ...anchors.keys()])].sort()
  const chains = names.flatMap((name) => endChain(name, open.get(name), anchors.get(name)) ?? [])
  const foreignCheckpoints = sealed.filter((one) => one === undefined).length
  return {
    ok: foreignCheckpoints === 0 && chains.every(({ firstBad }) => firstBad === undefined),
    events: chains.reduce((total, { begins, ends, hashed }) => total + ends - begins + 1 - hashed, 0),
    foreignCheckpoints,
    chains,
  }
}

/**
 * @param parse - returns undefined for a line to ignore
 * @throws CopyError for a line that `parse` does not know
 */
export async function* parseLines<T>(
  lines: AsyncIterable<string>,
  parse: (json: unknown, number: number) => T | undefined,
): AsyncGenerator<T> {
  let number = 0
  for await (const text of lines) {
    number += 1
    const parsed = text.trim() === '' ? undefined : parse(parseJson(text), number)
    if (parsed !== undefined) yield parsed
  }
}

/** @throws CopyError for an unusable key */
export function openReader<Reader>(publicJwk: PublicJwk, create: (key: PublicJwk) => Reader): Reader {
  try {
    return create(publicJwk)
  } catch (error) {
    throw new CopyError((error as Error).message)
  }
}

/** Ignores test events, which are in no log: a receiver that writes what it gets into a file also has these. */
export function parseLogged(json: unknown, number: number): Line | undefined {
  return isObject(json) && json['log'] === TEST_LOG ? undefined : parseLine(json, number)
}

export function parseLine(json: unknown, number: number): Line {
  const parsed = zLine.safeParse(json)
  if (parsed.success) return parsed.data
  throw new CopyError(`line ${number} is not an event in the native format of \`audit export\``)
}

/** The hash before the first event comes from a checkpoint if there is one, otherwise from the copy itself. */
function beginChain(entry: CopyEntry, anchor: LogAnchors | undefined): OpenChain {
  const { chain, seq } = entry
  const prevHash = 'text' in entry ? entry.prevHash : FIRST_PREV_HASH
  const { cut, sealed } = anchor ?? {}
  const known = cut?.seq === seq - 1 ? cut.hash : sealed?.get(seq - 1)
  const hash = seq === 1 ? FIRST_PREV_HASH : (known ?? prevHash)
  return { chain, begins: seq, ends: seq - 1, sealedUntil: 0, hashed: 0, head: { seq: seq - 1, hash } }
}

function addLine(before: OpenChain, line: Line, anchor: LogAnchors | undefined): OpenChain {
  if (before.firstBad !== undefined) return before
  const { seq, hash } = line
  const why = findFault(before.head, line, anchor)
  if (why !== undefined) return { ...before, firstBad: { seq: before.head.seq + 1, why } }
  return extend(before, { seq, hash }, anchor)
}

function addHashes(
  before: OpenChain,
  { chain, seq, textHashes }: HashRun,
  anchor: LogAnchors | undefined,
): OpenChain {
  let after = before
  for (const [index, textHash] of textHashes.entries()) {
    if (after.firstBad !== undefined) return after
    const next = after.head.seq + 1
    const link = { seq: next, hash: linkHash(after.head.hash, chain, next, textHash) }
    const why =
      seq + index === next
        ? findSealFault(link, anchor?.sealed ?? NOTHING_SEALED)
        : `missing: the next event is number ${seq + index}`
    after =
      why === undefined
        ? { ...extend(after, link, anchor), hashed: after.hashed + 1 }
        : { ...after, firstBad: { seq: next, why } }
  }
  return after
}

function extend(before: OpenChain, head: ChainHead, anchor: LogAnchors | undefined): OpenChain {
  const isSealed = anchor?.sealed?.has(head.seq) === true
  return { ...before, ends: head.seq, head, ...(isSealed ? { sealedUntil: head.seq } : {}) }
}

function findFault(before: ChainHead, line: Line, anchor: LogAnchors | undefined): string | undefined {
  const { log: _, chain, seq, prevHash, hash, text, ...shown } = line
  const fault = findLinkFault(before, { chain, seq, prev_hash: prevHash, hash, body: text })
  if (fault !== undefined) return fault
  const event = readEventText(text)
  if (event === undefined) return NOT_AN_EVENT
  // A copy has the event as JSON, without members that are undefined.
  if (!isDeepStrictEqual(shown, JSON.parse(JSON.stringify(event))))
    return 'its members differ from its `text`'
  return findSealFault({ seq, hash }, anchor?.sealed ?? NOTHING_SEALED)
}

/** @returns undefined for a chain that retention emptied */
function endChain(
  name: string,
  open: OpenChain | undefined,
  anchor: LogAnchors | undefined,
): CopiedChain | undefined {
  const { head, ...chain }: OpenChain = open ?? {
    ...{ chain: name, begins: 1, ends: 0, sealedUntil: 0, hashed: 0 },
    head: { seq: 0, hash: FIRST_PREV_HASH },
  }
  const firstBad = chain.firstBad ?? findCutEnd(head, anchor?.sealed ?? NOTHING_SEALED)
  if (firstBad !== undefined) return { ...chain, firstBad }
  return open === undefined ? undefined : chain
}
