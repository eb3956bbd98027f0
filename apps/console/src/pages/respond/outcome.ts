// The response of the kill switch, and the text for the time until it took effect.
import type { AnswerTo } from '@crosswalk/admin-api'

import type { Names } from '../../session/names.ts'
import { describeObject } from '../../components/object/names.tsx'
import { text } from '../../texts/text.ts'

export type Outcome = AnswerTo<'kill.press'>

export function describeTarget(names: Names, { kind, id }: Outcome['target']): string {
  return kind === 'everything' ? text('kill.everythingName') : describeObject(names, { kind, id })
}

/** The longest time until access ends anywhere, also at APIs that verify JWTs themselves. */
export function renderWorstCase({
  worstCaseSeconds,
  offlineSeconds,
}: Pick<Outcome, 'worstCaseSeconds' | 'offlineSeconds'>): string {
  const seconds = Math.max(worstCaseSeconds, offlineSeconds)
  return seconds === 0 ? text('kill.atOnce') : text('kill.after', { span: formatBound(seconds) })
}

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Rounded up, unlike `formatSpan`, since access must not outlive what is shown. */
export function formatBound(seconds: number): string {
  if (seconds < MINUTE) return text('time.seconds', { n: seconds })
  if (seconds < 2 * HOUR) return text('time.minutes', { n: Math.ceil(seconds / MINUTE) })
  return text('time.hours', { n: Math.ceil(seconds / HOUR) })
}
