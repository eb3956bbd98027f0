// The foot of a form: what is missing, secondary buttons, and the submit button.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'

interface FormFootProps {
  readonly missing: string | undefined
  readonly label: string
  /** For a reason that needs no words */
  readonly disabled?: boolean
  readonly run: () => void
  readonly children?: ReactNode
}

export function FormFooter({ missing, label, disabled = false, run, children }: FormFootProps) {
  return (
    <div className="cw-dialog-buttons">
      {missing === undefined ? null : (
        <p className="cw-quiet-text cw-obstacle" role="status">
          {missing}
        </p>
      )}
      {children}
      <Button variant="filled" disabled={disabled || missing !== undefined} onClick={run}>
        {label}
      </Button>
    </div>
  )
}
