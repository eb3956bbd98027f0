// Suspends the selected connections one by one, and offers to resume exactly those.
import { Progress } from '@mantine/core'

import { adminApi } from '../../api/client.ts'
import { kindOf } from '../../api/problem.ts'
import { sendChange } from '../../api/changes.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { showDone } from '../../components/toasts.tsx'
import { countText, text } from '../../texts/text.ts'
import { type SuspendCalls, resumeEach, suspendEach, type SuspendResult } from './suspend-each.ts'

interface BulkSuspend {
  /** Receives the connections to deselect */
  readonly done: (ids: readonly string[]) => void
  /** Some roles may suspend, but not resume */
  readonly mayResume: boolean
}

export function confirmBulkSuspend(ids: readonly string[], { done, mayResume }: BulkSuspend): void {
  /** Another attempt in the dialog must not count its own suspensions as those of others. */
  let left = ids
  interface BulkProgress {
    /** Number of connections done; undefined before the first */
    readonly before: number | undefined
  }
  const title = countText('connection.suspendOne', 'connection.suspendMany', ids.length)
  confirmWithForm<BulkProgress>({ before: undefined }, ({ before }, set) => ({
    title,
    confirmLabel: title,
    children: (
      <>
        <p>{text('connection.suspendHelp')}</p>
        <p>{text('connection.suspendHeldHelp')}</p>
        {before === undefined ? null : <SuspendProgress before={before} all={left.length} />}
      </>
    ),
    async confirm(reason) {
      const run = await suspendEach(left, suspendCalls(reason), (count) => set({ before: count }))
      set({ before: undefined })
      const undo = () => resumeEach(run.suspended, suspendCalls(text('connection.undoReason')))
      showResult(run, mayResume ? undo : undefined)
      const settled = [...run.suspended.map(({ id }) => id), ...run.skipped, ...run.deleted]
      left = left.filter((id) => !settled.includes(id))
      done(settled)
      if (run.failure !== undefined) throw run.failure.error
    },
  }))
}

function SuspendProgress({ before, all }: { readonly before: number; readonly all: number }) {
  const progress = text('connection.suspendProgress', { n: before + 1, all })
  return (
    <div role="status">
      <p>{progress}</p>
      <Progress value={(100 * before) / all} aria-label={progress} />
    </div>
  )
}

function suspendCalls(reason: string): SuspendCalls {
  return {
    async readSuspension(id) {
      try {
        const { body } = await adminApi.call('connections.read', { params: { id } })
        return body.state?.held
      } catch (error) {
        if (kindOf(error) === 'not-found') return null
        throw error
      }
    },
    async suspend(id) {
      const { body } = await sendChange('connections.suspend', { params: { id }, body: {}, reason })
      return body.held ?? undefined
    },
    resume: (id) => sendChange('connections.resume', { params: { id }, body: {}, reason }),
  }
}

function showResult({ suspended, skipped }: SuspendResult, undo: (() => Promise<void>) | undefined): void {
  const left =
    skipped.length === 0
      ? ''
      : ` ${countText('connection.leftHeldOne', 'connection.leftHeldMany', skipped.length)}`
  if (suspended.length > 0)
    showDone({
      message: countText('connection.suspendedOne', 'connection.suspendedMany', suspended.length) + left,
      ...(undo === undefined ? {} : { undo }),
    })
  else if (left !== '') showDone({ message: left.trim() })
}
