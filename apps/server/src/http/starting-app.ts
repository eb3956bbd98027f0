// Responds between binding the socket and being ready: alive, but not serving.
import type { App } from './app.ts'
import { findMethodRefusal } from './method-refusal.ts'

export interface StartingApp extends App {
  open(app: App): void
}

export function createStartingApp(): StartingApp {
  let inside: App | undefined
  return {
    open(app) {
      inside = app
    },
    fetch: (request, connection) => inside?.fetch(request, connection) ?? answerClosed(request),
  }
}

async function answerClosed(request: Request): Promise<Response> {
  const headers = { 'cache-control': 'no-store', 'retry-after': '1' }
  if (new URL(request.url).pathname === '/healthz')
    return findMethodRefusal(request) ?? Response.json({ status: 'up' }, { headers })
  return Response.json({ status: 'not ready', unready: ['starting'] }, { status: 503, headers })
}
