// The state of a user or an app: suspended or not, and otherwise as defined.
import type { AnswerTo } from '@crosswalk/admin-api'

import type { ChipState } from '../chips.tsx'

type Suspendable = AnswerTo<'apps.read'> | AnswerTo<'users.read'>

export function objectState({ active, state }: Pick<Suspendable, 'active' | 'state'>): ChipState {
  return state?.held?.state ?? (active ? 'active' : 'inactive')
}
