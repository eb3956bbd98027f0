// Limits the number of concurrent requests. All requests share the event loop and the database, so beyond some point
// one more delays all of them, and clients time out on responses that are still being computed. Excess requests get
// 503 with Retry-After before any of their body is read.
import { WIRE_DESCRIPTION } from '@crosswalk/protocol'
import { Counter, Gauge, type Registry } from 'prom-client'

const RETRY_AFTER_SECONDS = 1

export interface Admission {
  /** Runs the handler, unless too many requests are in progress. */
  run(answer: () => Promise<Response>): Promise<Response>
}

/** @param most - 0 means no limit */
export function createAdmission(most: number, registry: Registry): Admission {
  let underWay = 0
  const registers = [registry]
  new Gauge({
    name: 'crosswalk_http_requests_in_progress',
    help: 'Requests in progress, without those of administrators',
    registers,
    collect() {
      this.set(underWay)
    },
  })
  const rejected = new Counter({
    name: 'crosswalk_http_requests_rejected_total',
    help: 'Requests rejected with 503 because too many were in progress',
    registers,
  })
  return {
    async run(answer) {
      if (most > 0 && underWay >= most) {
        rejected.inc()
        return askToComeBack()
      }
      underWay += 1
      try {
        return await answer()
      } finally {
        underWay -= 1
      }
    },
  }
}

function askToComeBack(): Response {
  const error = 'temporarily_unavailable'
  return Response.json(
    { error, error_description: WIRE_DESCRIPTION[error] },
    { status: 503, headers: { 'cache-control': 'no-store', 'retry-after': String(RETRY_AFTER_SECONDS) } },
  )
}
