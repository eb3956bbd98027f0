// The field for when access ends, in the user's time zone. Thirty days by default.
import { TextInput } from '@mantine/core'

import { text } from '../texts/text.ts'
import { fromLocalInput, toLocalInput, zoneName } from './local-moment.ts'

const DAY_MS = 24 * 3600 * 1000
const DEFAULT_DAYS = 30

/** @returns RFC 3339, on the full minute, which is what the field shows */
export function inThirtyDays(): string {
  const end = Date.now() + DEFAULT_DAYS * DAY_MS
  return new Date(end - (end % 60_000)).toISOString()
}

interface EndFieldProps {
  /** RFC 3339; empty: no end */
  readonly value: string
  readonly change: (value: string) => void
}

export function EndField({ value, change }: EndFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      label={text('grant.until')}
      description={`${text('grant.untilHelp')} ${text('edit.zone', { zone: zoneName() })}`}
      value={toLocalInput(value === '' ? undefined : value)}
      onChange={({ currentTarget: { value: typed } }) => change(fromLocalInput(typed))}
    />
  )
}
