// Asks for a reason before a change, for the audit log; for irreversible changes also for the name.
import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'

import { text } from '../texts/text.ts'
import type { ConfirmOptions } from './confirm.ts'
import { ReasonField } from './fields.tsx'
import { ChangeProblem } from './change-problem.tsx'
import type { DialogProps } from '../hooks/use-dialog.ts'
import { showDone, showFailed } from './toasts.tsx'

/** Above drawers and dialogs of the pages, which are at 200, and below the lists of fields, at 300. */
const Z_INDEX = 250

type ReasonDialogProps = ConfirmOptions & DialogProps

export function ReasonDialog(props: ReasonDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.close} title={props.title} zIndex={Z_INDEX}>
      <ReasonForm {...props} />
    </Modal>
  )
}

function ReasonForm(props: ReasonDialogProps) {
  const {
    close,
    help,
    children,
    done,
    confirmLabel,
    danger = false,
    typeName,
    reasonNeeded = true,
    confirm,
  } = props
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(undefined)
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
      <Stack gap="md">
        {help === undefined ? null : <p>{help}</p>}
        {children}
        {problem === undefined ? null : <ChangeProblem error={problem} />}
        <ReasonField label={text('word.reason')} required={reasonNeeded} value={reason} change={setReason} />
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
        <Button onClick={close}>{text('form.cancel')}</Button>
        <Button
          type="submit"
          variant="filled"
          {...(danger ? { color: 'red' } : {})}
          loading={busy}
          disabled={typeName !== undefined && typed.trim() !== typeName}
        >
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
