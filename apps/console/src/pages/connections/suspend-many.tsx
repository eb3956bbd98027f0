// Suspends the selected connections one by one, and offers to resume exactly those.
import { Progress } from '@mantine/core'
import { useState } from 'react'

import { adminApi } from '../../api/client.ts'
import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { countText, text } from '../../texts/text.ts'
import { type HoldCalls, resumeEach, suspendEach, type SuspendRun } from './suspend-each.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface SuspendManyProps extends DialogProps {
  readonly ids: readonly string[]
  /** Receives the connections to deselect */
  readonly done: (ids: readonly string[]) => void
}

export function SuspendMany({ ids, opened, close, done }: SuspendManyProps) {
  const bindCalls = useHoldCalls()
  const [before, setBefore] = useState<number | undefined>(undefined)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={countText('connection.suspendOne', 'connection.suspendMany', ids.length)}
      confirmLabel={text('connection.suspend')}
      confirm={async (reason) => {
        const run = await suspendEach(ids, bindCalls(reason), setBefore)
        setBefore(undefined)
        showResult(run, () => resumeEach(run.suspended, bindCalls(text('connection.undoReason'))))
        done([...run.suspended.map(({ id }) => id), ...run.skipped])
        if (run.failure !== undefined) throw run.failure.error
      }}
    >
      <p>{text('connection.suspendHelp')}</p>
      <p>{text('connection.suspendHeldHelp')}</p>
      {before === undefined ? null : <HowFar before={before} all={ids.length} />}
    </ReasonDialog>
  )
}

function HowFar({ before, all }: { readonly before: number; readonly all: number }) {
  const said = text('connection.suspendProgress', { n: before + 1, all })
  return (
    <div role="status">
      <p>{said}</p>
      <Progress value={(100 * before) / all} aria-label={said} mb="sm" />
    </div>
  )
}

/** @returns the API calls, each with the reason */
function useHoldCalls(): (reason: string | undefined) => HoldCalls {
  const suspend = useChange('connections.suspend')
  const resume = useChange('connections.resume')
  return (reason) => ({
    async readHold(id) {
      const { body } = await adminApi.call('connections.read', { params: { id } })
      return body.state?.held
    },
    async suspend(id) {
      const { body } = await suspend.mutateAsync({ params: { id }, body: {}, reason })
      return body.held ?? undefined
    },
    resume: (id) => resume.mutateAsync({ params: { id }, body: {}, reason }),
  })
}

function showResult({ suspended, skipped }: SuspendRun, undo: () => Promise<void>): void {
  const left =
    skipped.length === 0
      ? ''
      : ` ${countText('connection.leftHeldOne', 'connection.leftHeldMany', skipped.length)}`
  if (suspended.length > 0)
    showDone({
      message: countText('connection.suspendedOne', 'connection.suspendedMany', suspended.length) + left,
      undo,
    })
  else if (left !== '') showDone({ message: left.trim() })
}
