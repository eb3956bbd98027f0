// Repeats reads after a change, including first reads in progress, whose response may be older than the change.
import type { InvalidateQueryFilters, QueryClient } from '@tanstack/react-query'

/** The library restarts only reads that already have data, so a first read is repeated when it finishes. */
export function repeatReads(queries: QueryClient, filters: InvalidateQueryFilters = {}): void {
  const first = queries
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: 'fetching' })
    .filter(({ state }) => state.data === undefined)
  void queries.invalidateQueries(filters)
  for (const { promise, queryKey } of first) {
    const again = () => queries.invalidateQueries({ queryKey, exact: true })
    void promise?.then(again, again)
  }
}
