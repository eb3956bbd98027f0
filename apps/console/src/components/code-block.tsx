// Text for other programs, shown verbatim with a copy button.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

import { text } from '../texts/text.ts'
import { smallIcon } from './small-icon.tsx'

interface CodeBlockProps {
  /** Label for screen readers and the copy button */
  readonly label: string
  readonly code: string
}

export function CodeBlock({ label, code }: CodeBlockProps) {
  return (
    <div className="cw-code">
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{code}</code>
      </pre>
      <CopyIcon what={label} value={code} />
    </div>
  )
}

export function CopyIcon({ what, value }: { readonly what: string; readonly value: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? text('copy.copied') : text('copy.copy', { what })}>
          <ActionIcon color="gray" onClick={copy} aria-label={text('copy.copy', { what })} size="sm">
            {copied ? smallIcon(IconCheck) : smallIcon(IconCopy)}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** An id or URL with a copy button. */
export function Copyable({ what, value }: { readonly what: string; readonly value: string }) {
  return (
    <span className="cw-copyable">
      <code className="cw-token">{value}</code>
      <CopyIcon what={what} value={value} />
    </span>
  )
}
