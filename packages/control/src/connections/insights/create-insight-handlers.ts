// Facts that console pages show beside the objects: the handlers of `insightRoutes`.
import type { insightRoutes } from '@crosswalk/admin-api'

import type { Handlers } from '../../http/context.ts'
import type { Parts } from '../../parts.ts'
import { createAppFactsHandler } from './app-facts.ts'
import { createConnectionFactsHandler } from './connection-facts.ts'
import { createConnectionPreviewHandler } from './connection-preview.ts'
import { createDecisionSummaryHandler } from './decision-summary.ts'
import { createDiscoverHandler } from './discover.ts'

export function createInsightHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'>,
): Pick<Handlers, keyof typeof insightRoutes> {
  return {
    'decisions.summary': createDecisionSummaryHandler(parts),
    'connections.facts': createConnectionFactsHandler(parts),
    'apps.facts': createAppFactsHandler(parts),
    'connections.preview': createConnectionPreviewHandler(parts),
    discover: createDiscoverHandler(parts),
  }
}
