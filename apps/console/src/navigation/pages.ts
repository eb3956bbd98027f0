// The table of all console pages, from which routes, navigation, palette and the tests of every page are derived. Add a page to the table of its
// area, next to the pages.
import { activityPages } from '../pages/activity/pages.ts'
import { appPages } from '../pages/apps/pages.ts'
import { connectionPages } from '../pages/connections/pages.ts'
import { integrationPages } from '../pages/integrations/pages.ts'
import { userPages } from '../pages/users/pages.ts'
import { policyPages } from '../pages/policies/pages.ts'
import { respondPages } from '../pages/respond/pages.ts'
import { reviewPages } from '../pages/reviews/pages.ts'
import { settingsPages } from '../pages/settings/pages.ts'
import { startPages } from '../pages/start/pages.ts'
import { trustPages } from '../pages/trust/pages.ts'
import type { PageEntry } from '../pages/page-entry.ts'

export const PAGES: readonly PageEntry[] = [
  ...startPages,
  ...connectionPages,
  ...appPages,
  ...userPages,
  ...policyPages,
  ...activityPages,
  ...respondPages,
  ...reviewPages,
  ...trustPages,
  ...integrationPages,
  ...settingsPages,
]
