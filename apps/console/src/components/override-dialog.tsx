// Asks whether to save a change that breaks policy tests, and why. Opens above other dialogs.
import { Button, Modal } from '@mantine/core'
import { type FormEvent, useState } from 'react'

import type { OverrideQuestion } from '../api/override.ts'
import { text } from '../texts/text.ts'
import { ReasonField } from './fields.tsx'
import { FailedTests } from './failed-tests.tsx'

/** Above the dialogs of the pages, which are at 200. */
const Z_INDEX = 400

interface OverrideDialogProps {
  /** Undefined while closed */
  readonly question: OverrideQuestion | undefined
  /** Called with the reason, or without one to cancel */
  readonly answer: (reason: string | undefined) => void
}

export function OverrideDialog({ question, answer }: OverrideDialogProps) {
  return (
    <Modal
      opened={question !== undefined}
      onClose={() => answer(undefined)}
      title={text('override.title')}
      zIndex={Z_INDEX}
    >
      {question === undefined ? null : <OverrideForm question={question} answer={answer} />}
    </Modal>
  )
}

interface FormProps {
  readonly question: OverrideQuestion
  readonly answer: (reason: string | undefined) => void
}

function OverrideForm({ question, answer }: FormProps) {
  const [reason, setReason] = useState(question.reason)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    answer(reason.trim())
  }
  return (
    <form onSubmit={submit}>
      <p>{text('override.lead')}</p>
      <FailedTests tests={question.failedTests} />
      <ReasonField label={text('override.reason')} required value={reason} change={setReason} />
      <div className="cw-dialog-buttons">
        <Button onClick={() => answer(undefined)}>{text('override.cancel')}</Button>
        <Button type="submit" variant="filled" color="red" disabled={reason.trim() === ''}>
          {text('override.confirm')}
        </Button>
      </div>
    </form>
  )
}
