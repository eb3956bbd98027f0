// Relative times, with the exact time and zone on hover and focus.
import { Tooltip } from '@mantine/core'

import { useNow } from '../hooks/use-now.ts'
import { text } from '../texts/text.ts'
import type { ReactNode } from 'react'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** @returns the largest unit only: `3 h`, `12 days` */
export function formatSpan(spanMs: number): string {
  if (spanMs < MINUTE) return text('time.seconds', { n: Math.max(0, Math.floor(spanMs / SECOND)) })
  if (spanMs < HOUR) return text('time.minutes', { n: Math.floor(spanMs / MINUTE) })
  if (spanMs < 2 * DAY) return text('time.hours', { n: Math.floor(spanMs / HOUR) })
  return text('time.days', { n: Math.floor(spanMs / DAY) })
}

/** From so far away on, the day itself says more than how many days there are until then. */
const MAX_RELATIVE_MS = 100 * DAY

/** @returns `3 min ago`, `in 41 days`, `just now`, `31 Dec 2030` */
export function formatRelative(epochMs: number, nowMs: number): string {
  const difference = epochMs - nowMs
  if (Math.abs(difference) < 5 * SECOND) return text('time.now')
  if (Math.abs(difference) >= MAX_RELATIVE_MS) return formatDay(epochMs)
  const span = formatSpan(Math.abs(difference))
  return text(difference < 0 ? 'time.ago' : 'time.in', { span })
}

const exact = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'long',
})
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

export function formatExact(moment: string | number): string {
  return exact.format(new Date(moment))
}

export function formatDay(moment: string | number): string {
  return day.format(new Date(moment))
}

export function formatClock(moment: string | number): string {
  return clock.format(new Date(moment))
}

/** @param moment - RFC 3339; undefined or null for never */
export function RelativeTime({ moment }: { readonly moment: string | null | undefined }) {
  const now = useNow()
  if (moment === undefined || moment === null) return <>{text('time.never')}</>
  return (
    <Tooltip label={formatExact(moment)}>
      <time dateTime={moment} tabIndex={0} className="cw-time">
        {formatRelative(Date.parse(moment), now)}
      </time>
    </Tooltip>
  )
}

/** @param none - shown if there is no time */
export function renderTimeOr(moment: string | null | undefined, none: string): ReactNode {
  return moment === undefined || moment === null ? none : <RelativeTime moment={moment} />
}

/** @param sentence - with `{when}` for the time */
export function SentenceWithTime({
  sentence,
  moment,
}: {
  readonly sentence: string
  readonly moment: string
}) {
  const [before = '', after = ''] = sentence.split('{when}')
  return (
    <>
      {before}
      <RelativeTime moment={moment} />
      {after}
    </>
  )
}
