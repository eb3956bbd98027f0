// The OpenAPI document, built on the first request.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { type OpenApiDocument, writeOpenApi } from '@crosswalk/admin-api'

import type { Handlers } from './context.ts'

export function createOpenApiHandler(baseUrl: string): Handlers['openapi'] {
  let document: Promise<OpenApiDocument> | undefined
  return async () => ({ status: 200, body: await (document ??= writeInTurns(baseUrl)) })
}

/** Yields to other requests after each route. */
async function writeInTurns(baseUrl: string): Promise<OpenApiDocument> {
  const steps = writeOpenApi(baseUrl)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    await nextTurn()
  }
}
