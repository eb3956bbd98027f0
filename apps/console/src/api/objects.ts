// The objects of the admin API, as pages show them.
import type { ViewOf } from '@crosswalk/admin-api'

export type App = ViewOf<'apps'>
export type ApprovalRule = ViewOf<'approval-rules'>
export type ReviewSchedule = ViewOf<'review-schedules'>
export type AuthorizationServer = ViewOf<'authorization-servers'>
export type Connection = ViewOf<'connections'>
export type Group = ViewOf<'groups'>
export type Policy = ViewOf<'policies'>
export type ResourceApp = ViewOf<'resource-apps'>
export type User = ViewOf<'users'>
