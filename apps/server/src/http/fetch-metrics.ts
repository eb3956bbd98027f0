// Metrics for fetching documents of other servers: keys, metadata and client metadata.
import type { DocumentFetch, GuardedFetch } from '@crosswalk/as-core'
import { Counter, Histogram, type Registry } from 'prom-client'

type Fetch = GuardedFetch & DocumentFetch

export function createFetchMetrics(registry: Registry): (fetch: Fetch) => Fetch {
  const fetches = new Counter({
    name: 'crosswalk_document_fetches_total',
    help: 'Documents fetched from other servers (keys, metadata), by result: ok or the reason for the failure',
    labelNames: ['result'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'crosswalk_document_fetch_duration_seconds',
    help: 'Time to fetch a document from another server',
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
