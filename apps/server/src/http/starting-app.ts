// Responds between binding the socket and being ready: alive, but not serving.
import { respondToOverload } from '@crosswalk/as-core'

import type { App } from './app.ts'
import { findMethodRefusal, renderHealth, renderReadiness } from './operator-pages.ts'

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
  const { pathname } = new URL(request.url)
  if (pathname === '/healthz') return findMethodRefusal(request) ?? renderHealth()
  if (pathname === '/readyz') return findMethodRefusal(request) ?? renderReadiness(['starting'])
  return respondToOverload()
}
