// The English texts. Each area has its own table; codes are unique over all of them.
import { activityTexts } from './en/activity.ts'
import { appTexts } from './en/apps.ts'
import { commonTexts } from './en/common.ts'
import { connectionTexts } from './en/connections.ts'
import { recommendationTexts } from './en/recommendations.ts'
import { integrationTexts } from './en/integrations.ts'
import { navigationTexts } from './en/navigation.ts'
import { userTexts } from './en/users.ts'
import { policyTexts } from './en/policies.ts'
import { respondTexts } from './en/respond.ts'
import { reviewTexts } from './en/reviews.ts'
import { settingsTexts } from './en/settings.ts'
import { startTexts } from './en/start.ts'
import { trustTexts } from './en/trust.ts'

export const en = {
  ...commonTexts,
  ...navigationTexts,
  ...startTexts,
  ...connectionTexts,
  ...appTexts,
  ...userTexts,
  ...policyTexts,
  ...activityTexts,
  ...respondTexts,
  ...reviewTexts,
  ...recommendationTexts,
  ...trustTexts,
  ...integrationTexts,
  ...settingsTexts,
} as const
