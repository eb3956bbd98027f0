// The response of the kill switch, and the text for the time until it took effect.
import type { AnswerTo } from '@crosswalk/admin-api'

import type { Names } from '../../session/names.ts'
import { describeObject } from '../../components/object/names.tsx'
import { formatSpan } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'

export type Outcome = AnswerTo<'kill.press'>

/** By name and id */
export function describeTarget(names: Names, { kind, id }: Outcome['target']): string {
  return kind === 'everything' ? text('kill.everythingName') : describeObject(names, { kind, id })
}

export function renderWorstCase(seconds: number): string {
  return seconds === 0 ? text('kill.atOnce') : text('kill.after', { span: formatSpan(seconds * 1000) })
}
