// Limits the number of concurrent requests. All requests share the event loop and the database, so beyond some point
// one more delays all of them, and clients time out on responses that are still being computed. Excess requests get
// 503 with Retry-After before any of their body is read.
//
// Pages have a limit of their own: anyone can open them, and sign-in hashes passwords, so a flood of them would otherwise
// take every place of the token requests.
import { respondToOverload } from '@crosswalk/as-core'
import { buildPageHeaders, renderPage } from '@crosswalk/as-core/pages'
import { html } from 'hono/html'
import { Counter, Gauge, type Registry } from 'prom-client'

import { acceptsPage } from './issuer-page.ts'

/** The limits by their names in the configuration; 0 means no limit. */
export interface AdmissionLimits {
  /** Requests of programs, such as token requests */
  readonly requestsInProgress: number
  /** Requests of browsers */
  readonly pagesInProgress: number
}

export type AdmissionLimit = keyof AdmissionLimits

const LIMITS = ['requestsInProgress', 'pagesInProgress'] as const satisfies readonly AdmissionLimit[]

export interface AdmittedHandler {
  answer(): Promise<Response>
  /** Its own response to a request that is not admitted, if it has one */
  refuse(): Promise<Response> | undefined
}

export interface Admission {
  /** Runs the handler, unless too many requests of this limit are in progress. */
  run(limit: AdmissionLimit, request: Request, handler: AdmittedHandler): Promise<Response>
}

/** @param displayName - of this server, on pages */
export function createAdmission(limits: AdmissionLimits, registry: Registry, displayName: string): Admission {
  const inProgress = { requestsInProgress: 0, pagesInProgress: 0 }
  const registers = [registry]
  const labelNames = ['limit'] as const
  new Gauge({
    name: 'crosswalk_http_requests_in_progress',
    help: 'Requests in progress, without those of administrators',
    registers,
    labelNames,
    collect() {
      for (const limit of LIMITS) this.set({ limit }, inProgress[limit])
    },
  })
  const rejected = new Counter({
    name: 'crosswalk_http_requests_rejected_total',
    help: 'Requests rejected with 503 because too many were in progress',
    registers,
    labelNames,
  })
  for (const limit of LIMITS) rejected.inc({ limit }, 0)
  return {
    async run(limit, request, { answer, refuse }) {
      const most = limits[limit]
      if (most > 0 && inProgress[limit] >= most) {
        rejected.inc({ limit })
        return limit === 'pagesInProgress' && acceptsPage(request)
          ? renderBusyPage(displayName)
          : ((await refuse()) ?? respondToOverload())
      }
      inProgress[limit] += 1
      try {
        return await answer()
      } finally {
        inProgress[limit] -= 1
      }
    },
  }
}

async function renderBusyPage(displayName: string): Promise<Response> {
  const status = 503
  const page = {
    status,
    title: 'Too many requests at the moment',
    displayName,
    content: html`<h1>Too many requests at the moment</h1>
      <p class="lead">Go back and try again in a moment.</p>`,
    headers: { 'retry-after': '1' },
  }
  return new Response(await renderPage(page), { status, headers: buildPageHeaders(page) })
}
