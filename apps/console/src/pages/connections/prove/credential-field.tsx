// A field for a credential that is used once and never stored by the browser.
import { PasswordInput, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'

export interface CredentialFieldProps {
  readonly kind: 'secret' | 'private_key'
  readonly label: string
  readonly help?: ReactNode
  readonly value: string
  readonly change: (value: string) => void
}

export function CredentialField({ kind, label, help, value, change }: CredentialFieldProps) {
  if (kind === 'secret')
    return (
      <PasswordInput
        label={label}
        description={help}
        required
        autoComplete="new-password"
        spellCheck={false}
        value={value}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
    )
  return (
    <Textarea
      label={label}
      description={help}
      required
      autoComplete="off"
      spellCheck={false}
      autosize
      minRows={4}
      maxRows={12}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}
