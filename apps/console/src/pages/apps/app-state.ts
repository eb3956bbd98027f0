// The state and authentication method of an app, in words.
import type { AnswerTo } from '@crosswalk/admin-api'

import type { ChipState } from '../../components/chips.tsx'
import { text } from '../../texts/text.ts'

export type App = AnswerTo<'apps.read'>

export const APP_KINDS = ['agent', 'web', 'service'] as const

export function appState({ active, state }: Pick<App, 'active' | 'state'>): ChipState {
  return state?.held?.state ?? (active ? 'active' : 'inactive')
}

export function describeAuth({ method }: App['auth']): string {
  return text(`app.auth.${method}`)
}
