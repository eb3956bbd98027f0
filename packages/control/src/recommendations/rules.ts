// All rules.
import * as definitions from './definition-rules.ts'
import * as growth from './growth-rules.ts'
import * as habits from './habit-rules.ts'
import type { Rule } from './recommendation.ts'
import * as operations from './operation-rules.ts'
import * as redemptions from './redemption-rules.ts'
import { activityReported } from './report-rules.ts'
import * as reviews from './review-rules.ts'
import * as traffic from './traffic-rules.ts'

export const RULES: readonly Rule[] = [
  reviews.accessReviewMissing,
  activityReported,
  operations.tokenExpiresSoon,
  definitions.agentWithoutOwner,
  definitions.appKeyOld,
  growth.approvalsAddUp,
  redemptions.askedAfterSignOut,
  operations.auditStreamLag,
  redemptions.clockDrift,
  definitions.connectionUnused,
  definitions.connectionWithoutEnd,
  redemptions.idJagNeverRedeemed,
  redemptions.idJagOfAnother,
  redemptions.idJagReused,
  operations.killDrillMissing,
  habits.manyResources,
  habits.networkFirstUse,
  redemptions.redeemedForMore,
  traffic.refusalBurst,
  reviews.removalUnverified,
  habits.reportOnlyDiffers,
  operations.restoreDrillMissing,
  operations.reverseProxy,
  growth.scopeCreep,
  traffic.scopeFirstUse,
  definitions.scopeMeaningChanged,
  definitions.signingKeyOld,
  traffic.unknownClient,
  habits.unusualHours,
  habits.userFirstUse,
  traffic.userSpike,
  traffic.volumeSpike,
]
