// The decision point at its standard place: AuthZEN defines paths on the server itself, and metadata. The admin API
// handles the requests, with its tokens and roles.
import { ADMIN_API_PATH, DECISION_POINT_METADATA_PATH, EVALUATION_PATH } from '@crosswalk/admin-api'
import { createDocument } from '@crosswalk/as-core'
import { readPath } from '@crosswalk/protocol'

export interface MountedAdminApi {
  readonly basePath: string
  /** Additional paths that it serves */
  readonly alsoAt?: ReadonlySet<string>
  fetch(request: Request, ip?: string): Promise<Response>
}

export function withDecisionPoint(adminApi: MountedAdminApi, baseUrl: string): MountedAdminApi {
  const answerMetadata = createDocument(() => ({
    policy_decision_point: baseUrl,
    access_evaluation_endpoint: baseUrl + EVALUATION_PATH,
  }))
  return {
    ...adminApi,
    alsoAt: new Set([DECISION_POINT_METADATA_PATH, EVALUATION_PATH]),
    async fetch(request, ip) {
      const path = readPath(request.url)
      if (path === DECISION_POINT_METADATA_PATH) return answerMetadata(request)
      if (path !== EVALUATION_PATH) return adminApi.fetch(request, ip)
      const url = new URL(request.url)
      return adminApi.fetch(
        new Request(new URL(ADMIN_API_PATH + EVALUATION_PATH + url.search, url), request),
        ip,
      )
    },
  }
}
