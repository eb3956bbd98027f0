// Dialogs that approve an access request, in whole or in part, decline it, or hand it to a colleague.

import { sendChange } from '../../api/changes.ts'
import { confirmWithReason, confirmWithForm } from '../../components/confirm.ts'
import { ExpiryField, inThirtyDays } from '../../components/expiry-field.tsx'
import { CheckboxList } from '../../components/fields.tsx'
import { inDays } from '../../components/local-moment.ts'
import { ObjectSelect } from '../../components/object/object-select.tsx'
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
  const end = request.days === undefined ? inThirtyDays() : inDays(request.days)
  confirmWithForm({ scopes: [...request.scopes], until: end }, ({ scopes, until }, set) => ({
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

export function confirmDelegate({
  request: { id },
  etag,
  close,
}: Pick<Approval, 'request' | 'etag' | 'close'>): void {
  confirmWithForm<{ to: string | undefined }>({ to: undefined }, ({ to }, set) => ({
    title: text('inbox.delegate'),
    confirmLabel: text('inbox.delegate'),
    help: text('inbox.delegateHelp'),
    reasonNeeded: false,
    done: text('inbox.delegateDone'),
    children: (
      <ObjectSelect
        of="users"
        label={text('inbox.delegateTo')}
        value={to}
        change={(chosen) => set({ to: chosen })}
        required
        data-autofocus
      />
    ),
    async confirm(reason) {
      const body = { to: to ?? '', ...(reason === '' ? {} : { reason }) }
      await sendChange('access-requests.delegate', { params: { id }, ifMatch: etag, body })
      close()
    },
  }))
}
