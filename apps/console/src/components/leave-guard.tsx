// Asks before a user leaves a changed form by a link, the back button, a stray key, or by closing the tab.
import { Button, Modal } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'

import { text } from '../texts/text.ts'

export function LeaveGuard({ changed }: { readonly changed: boolean }) {
  const blocker = useBlocker({
    // Steps and tabs of the same page only change the URL, and lose nothing.
    shouldBlockFn: ({ current, next }) => changed && current.pathname !== next.pathname,
    enableBeforeUnload: changed,
    withResolver: true,
  })
  const isBlocked = blocker.status === 'blocked'
  return (
    <DiscardDialog opened={isBlocked} keep={() => blocker.reset?.()} discard={() => blocker.proceed?.()} />
  )
}

interface DiscardDialogProps {
  readonly opened: boolean
  readonly keep: () => void
  readonly discard: () => void
}

export function DiscardDialog({ opened, keep, discard }: DiscardDialogProps) {
  return (
    <Modal opened={opened} onClose={keep} title={text('form.unsaved')}>
      <p>{text('form.unsavedHelp')}</p>
      <div className="cw-dialog-buttons">
        <Button onClick={discard}>{text('form.discard')}</Button>
        <Button variant="filled" data-autofocus onClick={keep}>
          {text('form.keepEditing')}
        </Button>
      </div>
    </Modal>
  )
}
