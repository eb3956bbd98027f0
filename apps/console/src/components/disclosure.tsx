// Fields that few need, folded: native, so that searching in the page and screen readers work.
import { Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'

interface DisclosureProps {
  readonly label: string
  /** At first */
  readonly opened?: boolean
  readonly children: ReactNode
}

export function Disclosure({ label, opened = false, children }: DisclosureProps) {
  const [isOpen, setOpen] = useState(opened)
  return (
    <details
      className="cw-disclosure"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{label}</summary>
      <Stack gap="lg" mt="md">
        {children}
      </Stack>
    </details>
  )
}
