// The field for when access ends, in the user's time zone. Thirty days by default.

import { text } from '../texts/text.ts'
import { TimeField } from './fields.tsx'
import { inDays } from './local-moment.ts'

const DEFAULT_DAYS = 30

/** @returns RFC 3339, to the full minute, as the field shows */
export function inThirtyDays(): string {
  return inDays(DEFAULT_DAYS)
}

interface ExpiryFieldProps {
  /** RFC 3339; empty for no end */
  readonly value: string
  readonly change: (value: string) => void
}

export function ExpiryField({ value, change }: ExpiryFieldProps) {
  return (
    <TimeField label={text('word.expires')} help={text('grant.untilHelp')} value={value} change={change} />
  )
}
