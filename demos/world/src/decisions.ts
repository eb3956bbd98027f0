// Reads decision records from the databases of both servers. Responses contain only the id of a decision; operators
// may see the reason, and the demo operates both servers.
import type { DecisionRecord } from '@crosswalk/protocol'
import { openStorage } from '@crosswalk/storage'

export interface DecisionReader {
  /** @returns undefined if no server recorded it */
  findRecord(decisionId: string): Promise<DecisionRecord | undefined>
}

export interface Decisions extends DecisionReader {
  /** @returns the code of a decision, such as `XAA1503`; undefined if no server recorded it */
  findCode(decisionId: string): Promise<string | undefined>
  close(): Promise<void>
}

/** @param databases - one URL per server */
export async function openDecisions({
  databases,
}: {
  readonly databases: readonly string[]
}): Promise<Decisions> {
  const logs = await Promise.all(databases.map((url) => openStorage(url)))
  const findRecord = async (decisionId: string) => {
    const found = await Promise.all(logs.map(({ events }) => events.findByDecision(decisionId)))
    return found.flat()[0]?.event.decision
  }
  return {
    findRecord,
    findCode: async (decisionId) => (await findRecord(decisionId))?.code,
    close: async () => {
      await Promise.all(logs.map((log) => log.close()))
    },
  }
}
