// What every listener serves to operators and their tools: health, readiness and metrics, all read-only.
import { prometheusContentType } from 'prom-client'

const NO_STORE = { 'cache-control': 'no-store' }

/** @returns a 405 for any method but GET and HEAD (RFC 9110 section 15.5.6) */
export function findMethodRefusal({ method }: Request): Response | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  const headers = { allow: 'GET, HEAD', ...NO_STORE }
  return Response.json({ error: 'method_not_allowed' }, { status: 405, headers })
}

export function renderHealth(): Response {
  return Response.json({ status: 'up' }, { headers: NO_STORE })
}

/** @param unready - the parts that are not ready, for operators */
export function renderReadiness(unready: readonly string[]): Response {
  const ready = unready.length === 0
  const body = { status: ready ? 'ready' : 'not ready', unready }
  return Response.json(body, { status: ready ? 200 : 503, headers: NO_STORE })
}

/** @param metrics - Prometheus text */
export function renderMetricsPage(metrics: string): Response {
  return new Response(metrics, { headers: { 'content-type': prometheusContentType } })
}
