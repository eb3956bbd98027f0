// Dialogs that approve an access request, in whole or in part, or decline it.

import { sendChange } from '../../api/changes.ts'
import { confirmWithReason, confirmWithForm } from '../../components/confirm.ts'
import { ExpiryField, inThirtyDays } from '../../components/expiry-field.tsx'
import { CheckboxList } from '../../components/fields.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { AccessRequest } from './inbox-items.ts'

interface Approval {
  readonly request: AccessRequest
  /** Of the request as the approver sees it: the meaning of a scope may change meanwhile */
  readonly etag: string
  /** Names of the user and of the connection */
  readonly user: string
  readonly connection: string
  /** Lets the approver take scopes away */
  readonly narrower: boolean
  /** Called after the change */
  readonly close: () => void
}

export function confirmApprove({ request, etag, user, connection, narrower, close }: Approval): void {
  confirmWithForm({ scopes: [...request.scopes], until: inThirtyDays() }, ({ scopes, until }, set) => ({
    title: text(narrower ? 'inbox.narrower' : 'inbox.approveTitle'),
    confirmLabel: text(narrower ? 'inbox.narrower' : 'inbox.approve'),
    help: text('inbox.approveHelp', { user, connection }),
    children: (
      <>
        {narrower ? (
          <CheckboxList
            label={text('word.scopes')}
            choices={request.scopes}
            value={scopes}
            change={(chosen) => set({ scopes: chosen })}
          />
        ) : null}
        <ExpiryField value={until} change={(moment) => set({ until: moment })} />
      </>
    ),
    async confirm(reason) {
      const { body } = await sendChange('access-requests.approve', {
        params: { id: request.id },
        ifMatch: etag,
        body: { scopes, ...(until === '' ? {} : { until }) },
        reason,
      })
      const done = body.check.outcome === 'allow' ? 'inbox.approved' : 'inbox.approvedBut'
      showDone({ message: text(done, { user, why: body.check.admin }) })
      close()
    },
  }))
}

export function confirmDecline({
  request: { id },
  etag,
  close,
}: Pick<Approval, 'request' | 'etag' | 'close'>): void {
  confirmWithReason({
    title: text('inbox.declineTitle'),
    confirmLabel: text('inbox.decline'),
    help: text('inbox.declineHelp'),
    done: text('inbox.declined'),
    async confirm(reason) {
      await sendChange('access-requests.decline', { params: { id }, ifMatch: etag, body: { reason } })
      close()
    },
  })
}
