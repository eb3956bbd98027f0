// The kinds of apps, and how an app authenticates, in words.

import type { App } from '../../api/objects.ts'
import { text } from '../../texts/text.ts'

export const APP_KINDS = ['agent', 'web', 'service'] as const

export function describeAuth({ method }: App['auth']): string {
  return text(`app.auth.${method}`)
}
