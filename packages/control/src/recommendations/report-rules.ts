// A rule over what users report: an app was used on their behalf without their knowledge.
import { MAX_REPORTS, REPORT_DAYS } from '../own-access/report-activity.ts'
import { nameApp, nameResourceApp, nameUser } from '../definitions/name-objects.ts'
import { RESPONDERS, type RecommendationFinding, type Rule } from './recommendation.ts'

export const activityReported: Rule = {
  id: 'activity-reported',
  formula: `A user reported in the last ${REPORT_DAYS} days that an app was used on their behalf without their knowledge. Covers the newest ${MAX_REPORTS} reports.`,
  baseline: { days: REPORT_DAYS },
  concerns: RESPONDERS,
  find: ({ compiled, reports, reporters }) =>
    reports.map(({ decisionId, at, by, app, resourceApp, text }): RecommendationFinding => {
      const user = reporters.get(by)
      return {
        subject: { kind: 'decision', id: decisionId },
        app,
        severity: 'warning',
        sentence: `${nameUser(user) ?? by} did not expect that ${nameApp(compiled, app)} got access to ${nameResourceApp(compiled, resourceApp)} for them.`,
        values: { reportedAt: new Date(at).toISOString(), report: text },
        samples: [{ kind: 'decision', id: decisionId }],
        action: {
          text: 'Ask the user, review the decision, and suspend the app if nothing explains it.',
          path: `/decisions/${encodeURIComponent(decisionId)}`,
        },
        since: at,
      }
    }),
}
