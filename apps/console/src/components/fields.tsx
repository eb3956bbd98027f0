// Form fields shared by pages: single choice, multiple choice, and a time.
import {
  Checkbox,
  Radio,
  Stack,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import type { ReactNode } from 'react'

import { text } from '../texts/text.ts'
import type { Choice } from './choices.ts'
import { fromLocalInput, toLocalInput, zoneName } from './local-moment.ts'

interface RadioFieldProps<V extends string> {
  readonly label: string
  readonly choices: readonly (Choice<V> & { readonly description?: string })[]
  readonly value: V
  readonly change: (value: V) => void
}

export function RadioField<V extends string>({ label, choices, value, change }: RadioFieldProps<V>) {
  return (
    <Radio.Group label={label} value={value} onChange={(chosen) => change(chosen as V)}>
      <Stack gap={6} mt={6}>
        {choices.map((choice) => (
          <Radio key={choice.value} {...choice} />
        ))}
      </Stack>
    </Radio.Group>
  )
}

interface CheckboxListProps {
  readonly label: string
  readonly description?: string
  /** A string is its own label */
  readonly choices: readonly (string | (Choice & { readonly disabled?: boolean }))[]
  readonly value: readonly string[]
  readonly change: (value: string[]) => void
  /** Shown if there are no options */
  readonly empty?: ReactNode
}

export function CheckboxList({ choices, value, change, empty, ...field }: CheckboxListProps) {
  return (
    <Checkbox.Group {...field} value={[...value]} onChange={change}>
      <Stack gap={6} mt={6}>
        {choices.length === 0 ? <p className="cw-quiet-text">{empty}</p> : null}
        {choices
          .map((choice) => (typeof choice === 'string' ? { value: choice, label: choice } : choice))
          .map((choice) => (
            <Checkbox key={choice.value} {...choice} />
          ))}
      </Stack>
    </Checkbox.Group>
  )
}

interface TimeFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'type'> {
  /** Before the name of the time zone */
  readonly help?: string | undefined
  /** RFC 3339; undefined or empty for none */
  readonly value: string | undefined
  readonly change: (value: string) => void
}

/** A time in the user's time zone, which the label names. */
export function TimeField({ help, value, change, ...field }: TimeFieldProps) {
  const zone = text('edit.zone', { zone: zoneName() })
  return (
    <TextInput
      type="datetime-local"
      description={help === undefined ? zone : `${help} ${zone}`}
      value={toLocalInput(value === '' ? undefined : value)}
      onChange={({ currentTarget }) => change(fromLocalInput(currentTarget.value))}
      {...field}
    />
  )
}

interface ReasonFieldProps extends Pick<TextareaProps, 'label' | 'required'> {
  readonly value: string
  readonly change: (value: string) => void
}

/** The reason for the audit log. */
export function ReasonField({ change, ...field }: ReasonFieldProps) {
  return (
    <Textarea
      {...field}
      description={text('reason.help')}
      data-autofocus
      autosize
      minRows={2}
      maxLength={1024}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}
