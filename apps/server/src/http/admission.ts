// How many requests are answered at once. Each waits for a turn of the event loop and of the database, so that past some point
// one more makes all of them late, and clients give up on answers that are still being made. What comes then is told to come
// back (503 with Retry-After), before anything of it is read.
import { WIRE_DESCRIPTION } from '@crosswalk/protocol'
import { Counter, Gauge, type Registry } from 'prom-client'

const RETRY_AFTER_SECONDS = 1

export interface Admission {
  /** Answers, unless as many requests as may be are under way. */
  run(answer: () => Promise<Response>): Promise<Response>
}

/** @param most - 0: any number */
export function createAdmission(most: number, registry: Registry): Admission {
  let underWay = 0
  const registers = [registry]
  new Gauge({
    name: 'crosswalk_http_requests_in_progress',
    help: 'Requests that are being answered, without those of administrators',
    registers,
    collect() {
      this.set(underWay)
    },
  })
  const rejected = new Counter({
    name: 'crosswalk_http_requests_rejected_total',
    help: 'Requests answered with 503 because too many were in progress',
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
