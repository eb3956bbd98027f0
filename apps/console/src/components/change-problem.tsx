// Why a change failed, and what to do: fields to fix, a conflicting change, or the patch for the file.
import { Alert, Button } from '@mantine/core'
import { AdminApiError } from '@crosswalk/admin-api'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'

import { detailOf, fieldErrorsOf, kindOf, describeBusy } from '../api/problem.ts'
import { text } from '../texts/text.ts'
import { CodeBlock } from './code-block.tsx'
import { ProblemList } from './problem-list.tsx'
import { FailedTests } from './failed-tests.tsx'

interface ChangeProblemProps {
  readonly error: unknown
  /** Shows the current object after another user changed it */
  readonly reload?: () => void
}

export function ChangeProblem({ error, reload }: ChangeProblemProps) {
  const { title, body } = describe(error, reload)
  const message = useRef<HTMLDivElement>(null)
  // A button that shows progress is disabled, and loses the focus if it was clicked.
  useEffect(() => {
    if (document.activeElement === document.body) message.current?.focus()
  }, [error])
  return (
    <Alert
      ref={message}
      tabIndex={-1}
      role="alert"
      color={kindOf(error) === 'stale' ? 'yellow' : 'red'}
      variant="light"
      title={title}
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
      mb="md"
    >
      {body}
    </Alert>
  )
}

function describe(error: unknown, reload: (() => void) | undefined): { title: string; body: ReactNode } {
  const detail = detailOf(error)
  switch (kindOf(error)) {
    case 'stale':
      return {
        title: text('state.stale.title'),
        body:
          reload === undefined ? (
            text('state.stale.inDialog')
          ) : (
            <>
              <p>{text('state.stale.text')}</p>
              <Button onClick={reload}>{text('state.stale.reload')}</Button>
            </>
          ),
      }
    case 'owned-by-file':
      return { title: text('state.ownedByFile.title'), body: <Patch error={error} /> }
    case 'conflict':
      return { title: conflictTitle(error), body: <Conflict error={error} /> }
    case 'invalid':
      return { title: formTitle(fieldErrorsOf(error).length), body: <FieldErrors error={error} /> }
    case 'forbidden':
      return { title: text('state.notPermitted.title'), body: detail }
    case 'busy':
      return describeBusy(error)
    case 'unreachable':
      return { title: text('state.unreachable.title'), body: text('state.unreachable.change') }
    case 'signed-out':
      return { title: text('state.signedOut.title'), body: text('state.signedOut.text') }
    case 'not-found':
      return { title: text('state.notFound.title'), body: detail }
    case 'fault':
      return { title: text('state.fault.title'), body: text('state.fault.text') }
  }
}

function conflictTitle(error: unknown): string {
  const isAboutTests = error instanceof AdminApiError && error.problem?.failedTests !== undefined
  return text(isAboutTests ? 'override.title' : 'state.conflict.title')
}

function formTitle(count: number): string {
  if (count === 0) return text('state.invalid.title')
  return count === 1 ? text('form.error') : text('form.errors', { count })
}

function FieldErrors({ error }: { readonly error: unknown }) {
  const errors = fieldErrorsOf(error)
  if (errors.length === 0) return <p>{detailOf(error)}</p>
  return <ProblemList problems={errors} />
}

function Conflict({ error }: { readonly error: unknown }) {
  const { referrers = [], failedTests } = (error instanceof AdminApiError && error.problem) || {}
  if (failedTests !== undefined) return <FailedTests tests={failedTests} />
  return (
    <>
      <p>{detailOf(error)}</p>
      <ul className="cw-plain-list">
        {referrers.map((referrer) => (
          <li key={referrer}>
            <code className="cw-token">{referrer}</code>
          </li>
        ))}
      </ul>
      <FieldErrorsIfAny error={error} />
    </>
  )
}

function FieldErrorsIfAny({ error }: { readonly error: unknown }) {
  return fieldErrorsOf(error).length === 0 ? null : <FieldErrors error={error} />
}

function Patch({ error }: { readonly error: unknown }) {
  const patch = error instanceof AdminApiError ? error.problem?.patch : undefined
  return (
    <>
      <p>{text('state.ownedByFile.text')}</p>
      {patch === undefined ? null : <CodeBlock label="JSON" code={JSON.stringify(patch, null, 2)} />}
    </>
  )
}
