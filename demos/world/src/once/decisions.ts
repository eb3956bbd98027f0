// Reads decision records of both servers where they keep them. The wire names a decision only by its id; the people
// who run the servers may see why, and the demo runs both.
import { openStorage } from '@crosswalk/storage'

import type { World } from '../start-world.ts'

export interface Decisions {
  /** @returns the code of a decision, such as `XAA1503`; undefined when neither server has a record of it */
  findCode(decisionId: string): Promise<string | undefined>
  close(): Promise<void>
}

export async function openDecisions({ folder }: World): Promise<Decisions> {
  const logs = await Promise.all(
    ['company-idp', 'todo-vendor'].map((name) => openStorage(`sqlite:${folder}/${name}.db`)),
  )
  return {
    findCode: async (decisionId) => {
      const found = await Promise.all(logs.map(({ events }) => events.findByDecision(decisionId)))
      return found.flat()[0]?.event.decision?.code
    },
    close: async () => {
      await Promise.all(logs.map((log) => log.close()))
    },
  }
}
