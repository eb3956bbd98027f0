// Dialogs that decide several requests for the same access, each as the approver saw it.
import type { AdminAnswer } from '@crosswalk/admin-api'

import { sendChange } from '../../api/changes.ts'
import { adminApi } from '../../api/client.ts'
import { kindOf } from '../../api/problem.ts'
import { ExpiryField, inThirtyDays } from '../../components/expiry-field.tsx'
import { inDays } from '../../components/local-moment.ts'
import type { Outcome } from '../../components/selection/change-each.ts'
import { changeSelected } from '../../components/selection/change-selected.tsx'
import { countText, text } from '../../texts/text.ts'
import { type AccessRequest, findSameRequests } from './inbox-items.ts'

interface ApproveAll {
  /** Its name */
  readonly connection: string
  /** Called after the changes */
  readonly close: () => void
}

export function confirmApproveAll(
  requests: readonly AccessRequest[],
  { connection, close }: ApproveAll,
): void {
  // Requests for another time are for another access.
  const days = requests[0]?.days
  changeSelected<{ readonly until: string }, { readonly isAllowed: boolean }>({
    ids: requests.map(({ id }) => id),
    title: text('inbox.approveAll', { count: requests.length }),
    help: [text('inbox.approveAllHelp', { connection })],
    initial: { until: days === undefined ? inThirtyDays() : inDays(days) },
    fields: ({ until }, set) => <ExpiryField value={until} change={(moment) => set({ until: moment })} />,
    change: (id, reason, { until }) =>
      decideAsSeen(requests, id, async (ifMatch) => {
        const body = until === '' ? {} : { until }
        const answer = await sendChange('access-requests.approve', { params: { id }, ifMatch, body, reason })
        return { isAllowed: answer.body.check.outcome === 'allow' }
      }),
    undo: undefined,
    progress: 'inbox.deciding',
    told: {
      changed: ['inbox.approvedOne', 'inbox.approvedMany'],
      skipped: ['inbox.skippedOne', 'inbox.skippedMany'],
    },
    remark(approved) {
      const denied = approved.filter(({ result: { isAllowed } }) => !isAllowed).length
      return denied === 0 ? '' : countText('inbox.stillDeniedOne', 'inbox.stillDeniedMany', denied)
    },
    done: close,
  })
}

export function confirmDeclineAll(requests: readonly AccessRequest[], close: () => void): void {
  changeSelected({
    ids: requests.map(({ id }) => id),
    title: text('inbox.declineAll', { count: requests.length }),
    help: [text('inbox.declineAllHelp')],
    initial: {},
    change: (id, reason) =>
      decideAsSeen(requests, id, (ifMatch) =>
        sendChange('access-requests.decline', { params: { id }, ifMatch, body: { reason } }),
      ),
    undo: undefined,
    progress: 'inbox.deciding',
    told: {
      changed: ['inbox.declinedOne', 'inbox.declinedMany'],
      skipped: ['inbox.skippedOne', 'inbox.skippedMany'],
    },
    done: close,
  })
}

/** Skips a request that was decided, or whose scopes got another meaning. */
async function decideAsSeen<T>(
  seen: readonly AccessRequest[],
  id: string,
  decide: (etag: string) => Promise<T>,
): Promise<Outcome<T>> {
  const { body, etag = '' }: AdminAnswer<AccessRequest> = await adminApi.call('access-requests.read', {
    params: { id },
  })
  const isAsSeen = seen.some((other) => other.id !== id && findSameRequests(body, [other]).length > 0)
  if (body.state !== 'open' || !isAsSeen) return { state: 'skipped' }
  try {
    return { state: 'changed', result: await decide(etag) }
  } catch (error) {
    if (kindOf(error) === 'stale') return { state: 'skipped' }
    throw error
  }
}
