// Suspends the selected connections, and offers to resume exactly those.
import { adminApi } from '../../api/client.ts'
import { kindOf } from '../../api/problem.ts'
import { sendChange } from '../../api/changes.ts'
import { countText, text } from '../../texts/text.ts'
import { type BulkChange, changeSelected } from '../../components/selection/change-selected.tsx'
import { resumeOwn, type SuspendCalls, suspendUnlessHeld } from './own-suspension.ts'

/** @param mayUndo - some roles may suspend, but not resume */
export function confirmBulkSuspend({ ids, mayUndo, done }: BulkChange): void {
  changeSelected({
    ...{ ids, done, initial: {} },
    title: countText('connection.suspendOne', 'connection.suspendMany', ids.length),
    help: [text('connection.suspendHelp'), text('connection.suspendHeldHelp')],
    change: (id, reason) => suspendUnlessHeld(id, suspendCalls(reason)),
    undo: mayUndo ? (one) => resumeOwn(one, suspendCalls(text('connection.undoReason'))) : undefined,
    progress: 'connections.changing',
    told: {
      changed: ['connection.suspendedOne', 'connection.suspendedMany'],
      skipped: ['connection.leftHeldOne', 'connection.leftHeldMany'],
    },
  })
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
