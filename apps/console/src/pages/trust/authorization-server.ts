// What an authorization server and those it trusts are to pages.
import type { AnswerTo } from '@crosswalk/admin-api'

export type AuthorizationServer = AnswerTo<'authorization-servers.list'>['items'][number]
export type TrustedIssuer = AuthorizationServer['trustedIssuers'][number]
