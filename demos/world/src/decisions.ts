// Reads decision records of both servers where they keep them. The wire names a decision only by its id; the users
// who run the servers may see why, and the demo runs both.
import type { DecisionRecord } from '@crosswalk/protocol'
import { openStorage } from '@crosswalk/storage'

export interface DecisionReader {
  /** @returns undefined when no server has a record of it */
  findRecord(decisionId: string): Promise<DecisionRecord | undefined>
}

export interface Decisions extends DecisionReader {
  /** @returns the code of a decision, such as `XAA1503`; undefined when no server has a record of it */
  findCode(decisionId: string): Promise<string | undefined>
  close(): Promise<void>
}

/** @param databases - URLs, one for each server */
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
