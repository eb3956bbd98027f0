// What logs are verified against: sealed heads and cuts of the database, of the file beside it, and those an auditor kept.
// Only what we signed counts, whatever else a user wrote.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { ChainAnchors, Storage } from '@crosswalk/storage'

import { readStatements } from './checkpoint-file.ts'
import type { CheckpointSeal, Sealed } from './checkpoint-seal.ts'

export interface Anchors {
  /** By log */
  readonly byLog: ReadonlyMap<string, ChainAnchors>
  /** By log, how many of them came from outside the database, which anyone who can write it cannot have removed */
  readonly external: ReadonlyMap<string, number>
  /** Statements that are not ours, or say something else than the row they stand in */
  readonly foreign: number
}

/** @param kept - statements that were kept elsewhere */
export async function collectAnchors(
  storage: Pick<Storage, 'auditCheckpoints'>,
  seal: CheckpointSeal,
  { file, kept = [] }: { readonly file?: string | undefined; readonly kept?: readonly string[] },
): Promise<Anchors> {
  const stored = await storage.auditCheckpoints.list()
  const ofDatabase = await mapInTurns(stored, ({ statement, log, seq, hash, kind }) => {
    const sealed = seal.read(statement)
    const same = sealed?.log === log && sealed.seq === seq && sealed.hash === hash && sealed.kind === kind
    return same ? sealed : undefined
  })
  const ofFile = file === undefined ? { sealed: [], foreign: 0 } : await readStatements(file, seal)
  const ofAuditor = await mapInTurns(kept, (statement) => seal.read(statement))
  const read = [...ofDatabase, ...ofAuditor]
  const good = [...read.filter((sealed) => sealed !== undefined), ...ofFile.sealed]
  const external = [...ofAuditor.filter((sealed) => sealed !== undefined), ...ofFile.sealed]
  return {
    byLog: buildAnchors(good),
    external: new Map([...Map.groupBy(external, ({ log }) => log)].map(([log, of]) => [log, of.length])),
    foreign: read.length + ofFile.sealed.length - good.length + ofFile.foreign,
  }
}

/** Signatures verified in one turn of the event loop: some milliseconds. */
const SLICE_STATEMENTS = 50

/** There may be tens of thousands, and other requests must not wait for all of them. */
async function mapInTurns<One, Other>(all: readonly One[], map: (one: One) => Other): Promise<Other[]> {
  const mapped: Other[] = []
  for (const [index, one] of all.entries()) {
    if (index > 0 && index % SLICE_STATEMENTS === 0) await nextTurn()
    mapped.push(map(one))
  }
  return mapped
}

function buildAnchors(all: readonly Sealed[]): ReadonlyMap<string, ChainAnchors> {
  const byLog = new Map<string, ChainAnchors>()
  for (const [log, sealed] of Map.groupBy(all, (it) => it.log)) {
    const cuts = sealed.filter(({ kind }) => kind === 'cut').sort((a, b) => b.seq - a.seq)
    const [cut] = cuts
    const from = cut?.seq ?? 0
    byLog.set(log, {
      ...(cut === undefined ? {} : { cut: { seq: cut.seq, hash: cut.hash } }),
      // Heads that were cut off meanwhile have nothing left to be compared with.
      sealed: new Map(sealed.filter(({ seq }) => seq > from).map(({ seq, hash }) => [seq, hash])),
    })
  }
  return byLog
}
