// What chains are verified against: sealed heads and cuts from the database, from the checkpoint file, and those an
// auditor kept. Only statements with our signature count.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { ChainAnchors, Storage } from '@crosswalk/storage'

import { readStatements } from './checkpoint-file.ts'
import type { CheckpointSeal, Sealed } from './checkpoint-seal.ts'

/** With the log that the chain belongs to */
export type LogAnchors = ChainAnchors & { readonly log: string }

export interface Anchors {
  /** By chain */
  readonly byChain: ReadonlyMap<string, LogAnchors>
  /** Per chain, how many come from outside the database, out of reach of anyone who can write to the database */
  readonly external: ReadonlyMap<string, number>
  /** Statements without our signature, or that contradict their row */
  readonly foreign: number
}

/** @param kept - statements kept elsewhere */
export async function collectAnchors(
  storage: Pick<Storage, 'auditCheckpoints'>,
  seal: CheckpointSeal,
  { file, kept = [] }: { readonly file?: string | undefined; readonly kept?: readonly string[] },
): Promise<Anchors> {
  const stored = await storage.auditCheckpoints.list()
  const ofDatabase = await mapInTurns(stored, ({ statement, log, chain, seq, hash, kind }) => {
    const sealed = seal.read(statement)
    const same =
      sealed?.log === log &&
      sealed.chain === chain &&
      sealed.seq === seq &&
      sealed.hash === hash &&
      sealed.kind === kind
    return same ? sealed : undefined
  })
  const ofFile = file === undefined ? { sealed: [], foreign: 0 } : await readStatements(file, seal)
  const ofAuditor = await mapInTurns(kept, (statement) => seal.read(statement))
  const read = [...ofDatabase, ...ofAuditor]
  const good = [...read.filter((sealed) => sealed !== undefined), ...ofFile.sealed]
  const external = [...ofAuditor.filter((sealed) => sealed !== undefined), ...ofFile.sealed]
  return {
    byChain: buildAnchors(good),
    external: new Map(
      [...Map.groupBy(external, ({ chain }) => chain)].map(([chain, of]) => [chain, of.length]),
    ),
    foreign: read.length + ofFile.sealed.length - good.length + ofFile.foreign,
  }
}

/** Signatures verified per turn of the event loop: a few milliseconds. */
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

export function buildAnchors(all: readonly Sealed[]): ReadonlyMap<string, LogAnchors> {
  const byChain = new Map<string, LogAnchors>()
  for (const [chain, sealed] of Map.groupBy(all, (it) => it.chain)) {
    const cuts = sealed.filter(({ kind }) => kind === 'cut').sort((a, b) => b.seq - a.seq)
    const [cut] = cuts
    const from = cut?.seq ?? 0
    byChain.set(chain, {
      log: sealed[0]?.log ?? chain,
      ...(cut === undefined ? {} : { cut: { seq: cut.seq, hash: cut.hash } }),
      // Heads before the cut have no events left to compare with.
      sealed: new Map(sealed.filter(({ seq }) => seq > from).map(({ seq, hash }) => [seq, hash])),
    })
  }
  return byChain
}
