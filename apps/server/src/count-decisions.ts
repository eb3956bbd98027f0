// Counts decisions by their code at the one place that every decision about an authenticated caller passes: the ledger.
// What is refused before that shows in the status codes of the requests.
import type { Ledger } from '@crosswalk/authorization-server'

/** @param count - told the log (`idp`, or `as:` and an id) and the code of each decision that was recorded */
export function countDecisions(ledger: Ledger, count: (log: string, code: string) => void): Ledger {
  return {
    ...ledger,
    commit: (entry) =>
      ledger.commit(entry).then((outcome) => {
        if (outcome.committed && 'record' in entry.event) count(entry.log, entry.event.record.code)
        return outcome
      }),
  }
}
