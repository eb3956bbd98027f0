// Repeats reads after a change, those included whose first answer is still on its way and may be older than the change.
import type { InvalidateQueryFilters, QueryClient } from '@tanstack/react-query'

/** The library starts a read again only where it has data already; a first read is repeated when it ends. */
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
