// Liveness and readiness responses, the same on every listener.

const NO_STORE = { 'cache-control': 'no-store' }

export function renderHealth(): Response {
  return Response.json({ status: 'up' }, { headers: NO_STORE })
}

/** @param unready - the parts that are not ready, for operators */
export function renderReadiness(unready: readonly string[]): Response {
  const ready = unready.length === 0
  const body = { status: ready ? 'ready' : 'not ready', unready }
  return Response.json(body, { status: ready ? 200 : 503, headers: NO_STORE })
}
