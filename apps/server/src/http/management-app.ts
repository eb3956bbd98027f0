// The management listener for operators, out of reach of the public: metrics, and whether the process is alive,
// started and ready. It responds from the first moment, while the roles are still opening.
import type { App } from './app.ts'
import { findMethodRefusal, renderHealth, renderMetricsPage, renderReadiness } from './operator-pages.ts'

export interface ManagementParts {
  renderMetrics(): Promise<string>
  /** @returns the parts that are not ready; empty if all are */
  findUnready(): Promise<readonly string[]>
}

export interface ManagementApp extends App {
  /** Marks the process as started, and enables readiness and metrics. */
  start(parts: ManagementParts): void
}

type Handler = () => Response | Promise<Response>

export function createManagementApp(): ManagementApp {
  let parts: ManagementParts | undefined
  const findUnready = async () => parts?.findUnready() ?? ['starting']
  const renderMetrics = async () =>
    parts === undefined ? renderReadiness(['starting']) : renderMetricsPage(await parts.renderMetrics())
  const handlers = new Map<string, Handler>([
    ['/livez', renderHealth],
    ['/startupz', () => renderReadiness(parts === undefined ? ['starting'] : [])],
    ['/readyz', async () => renderReadiness(await findUnready())],
    ['/metrics', renderMetrics],
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
