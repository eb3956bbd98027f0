// One scope that requires approval: meaning, approver, changes since, and the approve button.
import { Button } from '@mantine/core'

import type { Connection } from '../../../api/objects.ts'
import { sendChange } from '../../../api/changes.ts'
import { ChangeList, findDifferences } from '../../../components/change-list.tsx'
import { StateChip } from '../../../components/chips.tsx'
import { confirmWithReason } from '../../../components/confirm.ts'
import { RelativeTime } from '../../../components/time.tsx'
import { useCan } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { useNames } from '../../../session/names.ts'

export type ScopeState = NonNullable<Connection['approvals']>[number]

interface ScopeApprovalProps {
  readonly id: string
  readonly etag: string
  readonly found: ScopeState
}

export const APPROVAL_CHIP = { approved: 'approved', needed: 'pending', changed: 'warn' } as const

export function ScopeApproval({ id, etag, found }: ScopeApprovalProps) {
  const { scope, state, approval } = found
  const can = useCan()
  const names = useNames()
  const isApproved = state === 'approved'
  return (
    <div className="cw-scope-approval">
      <div className="cw-title-row">
        <StateChip state={APPROVAL_CHIP[state]} label={text(`approval.${state}`)} />
        {approval === undefined ? null : (
          <span className="cw-quiet-text">
            {text('approval.by', { by: names.user(approval.by) })} <RelativeTime moment={approval.at} />
          </span>
        )}
      </div>
      <ScopeMeaning found={found} />
      {can('connections.approve-scopes') ? (
        <div className="cw-tokens">
          <Button
            size="compact-sm"
            onClick={() => (isApproved ? confirmRevoke(id, scope) : confirmApprove({ id, etag, found }))}
          >
            {text(isApproved ? 'approval.revoke' : 'approval.approve')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

/** Approves the displayed meaning, so that no concurrent change is approved unseen. */
function confirmApprove({ id, etag, found }: ScopeApprovalProps): void {
  const { scope } = found
  confirmWithReason({
    title: text('approval.approveTitle', { scope }),
    confirmLabel: text('approval.approve'),
    help: text('approval.approveHelp'),
    children: <ScopeMeaning found={found} />,
    done: text('approval.approvedOne', { scope }),
    confirm: (reason) =>
      sendChange('connections.approve-scopes', {
        params: { id },
        ifMatch: etag,
        body: { scopes: [scope], reason },
      }),
  })
}

function confirmRevoke(id: string, scope: string): void {
  confirmWithReason({
    title: text('approval.revokeTitle', { scope }),
    confirmLabel: text('approval.revoke'),
    help: text('approval.revokeHelp'),
    done: text('approval.revokenOne', { scope }),
    confirm: (reason) =>
      sendChange('connections.revoke-approvals', { params: { id }, body: { scopes: [scope], reason } }),
  })
}

export function ScopeMeaning({ found: { state, meaning, approval } }: { readonly found: ScopeState }) {
  const parts = [
    meaning.description,
    meaning.risk === undefined ? undefined : text('approval.risk', { n: meaning.risk }),
    meaning.tools.length === 0 ? undefined : text('approval.tools', { tools: meaning.tools.join(', ') }),
  ].filter((part) => part !== undefined)
  return (
    <>
      <p className="cw-quiet-text">{parts.length === 0 ? text('approval.noMeaning') : parts.join(' · ')}</p>
      {state === 'changed' && approval !== undefined ? (
        <ChangeList differences={findDifferences(approval.meaning, meaning)} />
      ) : null}
    </>
  )
}
