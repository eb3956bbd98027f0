// Which chain of each log this process writes. This is only a hint: the database compares and locks the head of a chain
// on every write. If two processes meet on a chain, the one that finds it written by the other moves to an idle chain
// or a new one, so that no process waits for another.
import type { AuditHeadTable } from '../../schema/tables.ts'
import type { Connection } from './connections.ts'
import { ADD_HEAD, LOCK_HEADS, MAKE_HEADS, TAKE_IDLE_HEAD } from './ledger-statements.ts'

export type Head = Pick<AuditHeadTable, 'chain' | 'seq' | 'hash'>

/** Keyed by log */
export type Heads = ReadonlyMap<string, Head>

interface OwnHead extends Head {
  /** Undefined if the state in the database is unknown */
  readonly writtenAt: number | undefined
}

export interface OwnChains {
  /** The heads after this process's last write; undefined unless all are known */
  recall(logs: readonly string[]): Heads | undefined
  /** Locks one chain of each log until the transaction ends, and returns its head. */
  lock(client: Connection, logs: readonly string[]): Promise<Heads>
  /** Records the durable heads */
  remember(heads: Heads, writtenAt: number): void
  /** After a fault it is unknown what was written, so only the names of the chains are kept. */
  doubt(logs: readonly string[]): void
}

export function createOwnChains(): OwnChains {
  const own = new Map<string, OwnHead>()

  /** @returns the heads that no other process has written since this one did */
  async function lockOwn(client: Connection, logs: readonly string[]): Promise<readonly AuditHeadTable[]> {
    const chains = logs.map((log) => own.get(log)?.chain ?? log)
    const since = logs.map((log) => own.get(log)?.writtenAt ?? null)
    return (await client.query<AuditHeadTable>({ ...LOCK_HEADS, values: [chains, since] })).rows
  }

  async function lockOther(client: Connection, log: string, chain: string): Promise<AuditHeadTable> {
    const idle = await client.query<AuditHeadTable>({ ...TAKE_IDLE_HEAD, values: [log, chain] })
    const added =
      idle.rows[0] === undefined ? await client.query<AuditHeadTable>({ ...ADD_HEAD, values: [log] }) : idle
    const [head] = added.rows.length > 0 ? added.rows : await lockAny(client, chain)
    if (head === undefined) throw new Error(`the head of chain ${chain} is missing`)
    return head
  }

  return {
    recall(logs) {
      const known = logs.map((log) => [log, own.get(log)] as const)
      return known.every(isCertain) ? new Map(known) : undefined
    },
    async lock(client, logs) {
      const fresh = logs.filter((log) => !own.has(log))
      let rows = await lockOwn(client, logs)
      if (fresh.some((log) => rows.every((row) => row.log !== log))) {
        await client.query({ ...MAKE_HEADS, values: [fresh] })
        rows = await lockOwn(client, logs)
      }
      const heads = new Map<string, AuditHeadTable>(rows.map((row) => [row.log, row]))
      for (const log of logs)
        if (!heads.has(log)) heads.set(log, await lockOther(client, log, own.get(log)?.chain ?? log))
      return heads
    },
    remember(heads, writtenAt) {
      for (const [log, { chain, seq, hash }] of heads) own.set(log, { chain, seq, hash, writtenAt })
    },
    doubt(logs) {
      for (const log of logs) {
        const head = own.get(log)
        if (head !== undefined) own.set(log, { ...head, writtenAt: undefined })
      }
    },
  }
}

function isCertain(known: readonly [string, OwnHead | undefined]): known is [string, OwnHead] {
  return known[1]?.writtenAt !== undefined
}

/** Waits for another process, because the maximum number of chains is reached or two processes added the same chain. */
async function lockAny(client: Connection, chain: string): Promise<readonly AuditHeadTable[]> {
  return (await client.query<AuditHeadTable>({ ...LOCK_HEADS, values: [[chain], [null]] })).rows
}
