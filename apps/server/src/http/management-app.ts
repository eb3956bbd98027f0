// What operators ask of a process, on a listener of its own that the public cannot reach: metrics, and whether it lives, has
// started and is ready. It answers from the first moment, while the roles are still being opened.
import { prometheusContentType } from 'prom-client'

import type { App } from './app.ts'
import { findMethodRefusal } from './method-refusal.ts'
import { renderHealth, renderReadiness } from './health.ts'

export interface ManagementParts {
  renderMetrics(): Promise<string>
  /** @returns what is not ready; nothing when all is */
  findUnready(): Promise<readonly string[]>
}

export interface ManagementApp extends App {
  /** From now on it has started, and says whether it is ready. */
  start(parts: ManagementParts): void
}

type Handler = () => Response | Promise<Response>

export function createManagementApp(): ManagementApp {
  let parts: ManagementParts | undefined
  const findUnready = async () => parts?.findUnready() ?? ['starting']
  const handlers = new Map<string, Handler>([
    ['/livez', renderHealth],
    ['/startupz', () => renderReadiness(parts === undefined ? ['starting'] : [])],
    ['/readyz', async () => renderReadiness(await findUnready())],
    ['/metrics', async () => renderMetrics(parts)],
  ])
  return {
    start(started) {
      parts = started
    },
    async fetch(request) {
      const handler = handlers.get(new URL(request.url).pathname)
      if (handler === undefined) return new Response(null, { status: 404 })
      return findMethodRefusal(request) ?? handler()
    },
  }
}

async function renderMetrics(parts: ManagementParts | undefined): Promise<Response> {
  if (parts === undefined) return renderReadiness(['starting'])
  const headers = { 'content-type': prometheusContentType }
  return new Response(await parts.renderMetrics(), { headers })
}
