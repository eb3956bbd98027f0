// Text for other programs, shown verbatim with a copy button.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect } from 'react'

import { text } from '../texts/text.ts'
import { Token } from './chips.tsx'
import { smallIcon } from './small-icon.tsx'

interface CodeBlockProps {
  /** Label for screen readers and the copy button */
  readonly label: string
  readonly code: string
  /** Called once the text is copied, by the button or by selecting it */
  readonly onCopied?: () => void
}

export function CodeBlock({ label, code, onCopied }: CodeBlockProps) {
  return (
    <div className="cw-code" onCopy={onCopied}>
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{code}</code>
      </pre>
      <CopyIcon what={label} value={code} onCopied={onCopied} />
    </div>
  )
}

interface CopyIconProps {
  readonly what: string
  readonly value: string
  readonly onCopied?: (() => void) | undefined
}

export function CopyIcon({ what, value, onCopied }: CopyIconProps) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? text('copy.copied') : text('copy.copy', { what })}>
          <ActionIcon color="gray" onClick={copy} aria-label={text('copy.copy', { what })} size="sm">
            {copied ? <Copied report={onCopied} /> : smallIcon(IconCopy)}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** Shown only if the browser did copy the text. */
function Copied({ report }: { readonly report: (() => void) | undefined }) {
  useEffect(() => report?.(), [report])
  return smallIcon(IconCheck)
}

/** An id or URL with a copy button. */
export function Copyable({ what, value }: { readonly what: string; readonly value: string }) {
  return (
    <span className="cw-copyable">
      <Token>{value}</Token>
      <CopyIcon what={what} value={value} />
    </span>
  )
}
