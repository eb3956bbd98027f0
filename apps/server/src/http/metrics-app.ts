// Metrics alone, for a listener of their own.
import { prometheusContentType } from 'prom-client'

import type { App } from './app.ts'
import { findMethodRefusal } from './method-refusal.ts'

/** For a listener of its own, which operators can reach and the public cannot. */
export function createMetricsApp(renderMetrics: () => Promise<string>): App {
  return {
    async fetch(request) {
      if (new URL(request.url).pathname !== '/metrics') return new Response(null, { status: 404 })
      const headers = { 'content-type': prometheusContentType }
      return findMethodRefusal(request) ?? new Response(await renderMetrics(), { headers })
    },
  }
}
