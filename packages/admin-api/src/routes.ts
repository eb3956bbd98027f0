// The route table of the admin API; the server, client and OpenAPI document are built from it.
import { z } from 'zod'

import { defineRoutes, type AnswerOf, type CallOf, type ReplyOf, type RequestOf } from './route.ts'
import type { Role } from './roles.ts'
import { accessEvaluationRoutes } from './routes/access-evaluation.ts'
import { accessGrantRoutes } from './routes/access-grants.ts'
import { accessRequestRoutes } from './routes/access-requests.ts'
import { accessTokenRoutes } from './routes/access-tokens.ts'
import { accountRoutes } from './routes/accounts.ts'
import { actRoutes } from './routes/acts.ts'
import { adminRoleRoutes } from './routes/admin-roles.ts'
import { auditStreamRoutes } from './routes/audit-streams.ts'
import { auditRoutes } from './routes/audit.ts'
import { blockRoutes } from './routes/blocks.ts'
import { objectRoutes } from './routes/collections.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { connectionUsageRoutes } from './routes/connection-usage.ts'
import { decisionRoutes } from './routes/decisions.ts'
import { eventStreamRoutes } from './routes/event-streams.ts'
import { factorRoutes } from './routes/factors.ts'
import { recommendationRoutes } from './routes/recommendations.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { insightRoutes } from './routes/insights.ts'
import { keyRoutes } from './routes/keys.ts'
import { policyDraftRoutes } from './routes/policy-drafts.ts'
import { policyTestRoutes } from './routes/policy-tests.ts'
import { proofRoutes } from './routes/proofs.ts'
import { reachRoutes } from './routes/reach.ts'
import { replayRoutes } from './routes/replay.ts'
import { restoreDrillRoutes } from './routes/restore-drills.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { scopeApprovalRoutes } from './routes/scope-approvals.ts'
import { storedCredentialRoutes } from './routes/stored-credentials.ts'
import { simulationMatrixRoutes } from './routes/simulation-matrix.ts'
import { tokenRoutes } from './routes/tokens.ts'

/** Relative to `baseUrl`. */
export const ADMIN_API_PATH = '/admin/api/v1'

const documentRoutes = defineRoutes('description', {
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    roles: [],
    replies: {
      200: { description: 'The document.', body: z.record(z.string(), z.unknown()) },
    },
  },
})

export const ROUTES = {
  ...documentRoutes,
  ...objectRoutes,
  ...actRoutes,
  ...scopeApprovalRoutes,
  ...factorRoutes,
  ...tokenRoutes,
  ...adminRoleRoutes,
  ...connectionUsageRoutes,
  ...decisionRoutes,
  ...auditRoutes,
  ...auditStreamRoutes,
  ...restoreDrillRoutes,
  ...accessTokenRoutes,
  ...accountRoutes,
  ...blockRoutes,
  ...accessRequestRoutes,
  ...accessGrantRoutes,
  ...reviewRoutes,
  ...recommendationRoutes,
  ...keyRoutes,
  ...insightRoutes,
  ...eventStreamRoutes,
  ...storedCredentialRoutes,
  ...configurationRoutes,
  ...invitationRoutes,
  ...policyDraftRoutes,
  ...policyTestRoutes,
  ...proofRoutes,
  ...simulationMatrixRoutes,
  ...accessEvaluationRoutes,
  ...reachRoutes,
  ...replayRoutes,
}

/** @returns the names of the routes that a role may call */
export function listRoutesOf(role: Role): RouteName[] {
  return (Object.keys(ROUTES) as RouteName[]).filter((name) =>
    (ROUTES[name].roles as readonly Role[]).includes(role),
  )
}

export type Routes = typeof ROUTES
export type RouteName = keyof Routes
export type RequestTo<N extends RouteName> = RequestOf<Routes[N]>
export type ReplyTo<N extends RouteName> = ReplyOf<Routes[N]>
export type CallTo<N extends RouteName> = CallOf<Routes[N]>
export type AnswerTo<N extends RouteName> = AnswerOf<Routes[N]>
