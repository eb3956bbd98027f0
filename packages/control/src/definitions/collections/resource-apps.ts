// Resource apps: connections, apps and policies refer to them.
import { zResourceApp } from '@crosswalk/protocol'

import type { ControlledCollection } from './collection.ts'
import { findPolicies, findReferring } from './references.ts'

export const resourceApps: ControlledCollection<'resource-apps'> = {
  stored: zResourceApp,
  event: { kind: 'resource_app', category: 'lifecycle' },
  findReferrers: (items, id) => [
    ...findReferring(items, 'connections', ({ resourceApp }) => resourceApp === id),
    ...findReferring(items, 'apps', ({ serviceOf }) => serviceOf === id),
    ...findPolicies(items, 'resourceApp', id),
    ...findReferring(items, 'approval-rules', ({ when }) => when.resourceApps?.includes(id) === true),
    ...findReferring(items, 'review-schedules', ({ resourceApps: ids }) => ids?.includes(id) === true),
  ],
}
