// The kinds of apps, and how an app authenticates, in words.
import type { AnswerTo } from '@crosswalk/admin-api'

import { text } from '../../texts/text.ts'

export type App = AnswerTo<'apps.read'>

export const APP_KINDS = ['agent', 'web', 'service'] as const

export function describeAuth({ method }: App['auth']): string {
  return text(`app.auth.${method}`)
}
