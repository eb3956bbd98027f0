// The decision point where others look for it: AuthZEN names paths of the server itself, and its metadata. What is asked
// there is answered by the admin API, with its tokens and roles.
import { ADMIN_API_PATH, DECISION_POINT_METADATA_PATH, EVALUATION_PATH } from '@crosswalk/admin-api'
import { readPath } from '@crosswalk/protocol'

import type { App } from '../http/app.ts'

export interface DecisionPointParts {
  readonly baseUrl: string
  /** Undefined: nobody could ask */
  readonly adminApi: { fetch(request: Request, ip?: string): Promise<Response> } | undefined
}

/** @returns the app, with the decision point before it */
export function withDecisionPoint(app: App, { baseUrl, adminApi }: DecisionPointParts): App {
  if (adminApi === undefined) return app
  const metadata = {
    policy_decision_point: baseUrl,
    access_evaluation_endpoint: baseUrl + EVALUATION_PATH,
  }
  return {
    async fetch(request, connection) {
      const path = readPath(request.url)
      if (path === DECISION_POINT_METADATA_PATH && request.method === 'GET') return Response.json(metadata)
      if (path !== EVALUATION_PATH) return app.fetch(request, connection)
      const url = new URL(request.url)
      const readdressed = new Request(new URL(ADMIN_API_PATH + EVALUATION_PATH + url.search, url), request)
      return adminApi.fetch(readdressed, connection?.incoming?.socket.remoteAddress)
    },
  }
}
