// Policies: shown with the sentence that says what they do.
import { renderRule } from '@crosswalk/policy'
import { zPolicy } from '@crosswalk/protocol'

import type { ControlledCollection } from './collection.ts'

export const policies: ControlledCollection<'policies'> = {
  stored: zPolicy,
  event: { kind: 'policy', category: 'policy' },
  showRelations: async (policy) => ({ sentence: renderRule(policy) }),
}
