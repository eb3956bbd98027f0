// How reading documents of others does: their keys, metadata and client metadata.
import type { DocumentFetch, GuardedFetch } from '@crosswalk/as-core'
import { Counter, Histogram, type Registry } from 'prom-client'

type Fetch = GuardedFetch & DocumentFetch

export function createFetchMetrics(registry: Registry): (fetch: Fetch) => Fetch {
  const fetches = new Counter({
    name: 'crosswalk_document_fetches_total',
    help: 'Documents of others that were fetched (keys, metadata), by result: ok, or why not',
    labelNames: ['result'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'crosswalk_document_fetch_duration_seconds',
    help: 'Time of fetching a document of others',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  async function count<
    T extends { readonly accepted: boolean; readonly refusal?: { readonly reason: string } },
  >(fetched: Promise<T>): Promise<T> {
    const end = seconds.startTimer()
    const result = await fetched
    end()
    fetches.inc({ result: result.refusal?.reason ?? 'ok' })
    return result
  }
  return (fetch) => ({
    fetchJson: (url, limits) => count(fetch.fetchJson(url, limits)),
    fetchDocument: (url, limits) => count(fetch.fetchDocument(url, limits)),
    close: () => fetch.close(),
  })
}
