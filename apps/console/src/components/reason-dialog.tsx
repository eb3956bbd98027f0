// Asks for a reason before a change, for the audit log; for irreversible changes also for the name.
import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'

import { text } from '../texts/text.ts'
import type { ConfirmOptions } from './confirm.ts'
import { ReasonField } from './fields.tsx'
import { ChangeProblem } from './change-problem.tsx'
import type { DialogProps } from '../hooks/use-dialog.ts'
import { type CloseGuard, LeaveGuard, useCloseGuard } from './leave-guard.tsx'
import { showDone, showFailed } from './toasts.tsx'
import { countOpenModals } from '../keyboard/shortcuts.tsx'

/** Above drawers and dialogs of the pages, which are at 200, and below the lists of fields, at 300. */
const Z_INDEX = 250

type ReasonDialogProps = ConfirmOptions &
  DialogProps & {
    /** Whether its fields have changed */
    readonly isFilled: boolean
  }

export function ReasonDialog(props: ReasonDialogProps) {
  const guard = useCloseGuard(props.close)
  return (
    <>
      <Modal
        opened={props.opened}
        onClose={() => {
          // With a question above it, Escape closes only that.
          if (countOpenModals() < 2) guard.tryClose()
        }}
        title={props.title}
        zIndex={Z_INDEX}
      >
        <ReasonForm {...props} close={guard.leave} isChanged={guard.isChanged} />
      </Modal>
      {guard.question}
    </>
  )
}

function ReasonForm(props: ReasonDialogProps & Pick<CloseGuard, 'isChanged'>) {
  const {
    close,
    help,
    children,
    done,
    confirmLabel,
    danger = false,
    missing,
    typeName,
    reasonLabel = text('word.reason'),
    reasonNeeded = true,
    confirm,
    isFilled,
    isChanged,
  } = props
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(undefined)
  useEffect(() => {
    isChanged.current = !busy && (isFilled || reason.trim() !== '')
    return () => {
      isChanged.current = false
    }
  }, [isChanged, busy, isFilled, reason])
  const isClosed = useRef(false)
  useEffect(() => {
    isClosed.current = false
    return () => {
      isClosed.current = true
    }
  }, [])
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      await confirm(reason.trim())
      if (done !== undefined) showDone({ message: done })
      close()
    } catch (error) {
      if (isClosed.current) showFailed(error)
      else setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <LeaveGuard changed={isFilled && !busy} />
      <Stack gap="md">
        {help === undefined ? null : <p>{help}</p>}
        {children}
        {problem === undefined ? null : <ChangeProblem error={problem} />}
        <ReasonField label={reasonLabel} required={reasonNeeded} value={reason} change={setReason} />
        {typeName === undefined ? null : (
          <TextInput
            label={text('reason.typeName', { name: typeName })}
            value={typed}
            autoComplete="off"
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
      </Stack>
      <div className="cw-dialog-buttons">
        {missing === undefined ? null : (
          <p className="cw-quiet-text cw-obstacle" role="status">
            {missing}
          </p>
        )}
        <Button onClick={close}>{text('form.cancel')}</Button>
        <Button
          type="submit"
          variant="filled"
          {...(danger ? { color: 'red' } : {})}
          loading={busy}
          disabled={missing !== undefined || (typeName !== undefined && typed.trim() !== typeName)}
        >
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
