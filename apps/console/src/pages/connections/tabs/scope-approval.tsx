// One scope that requires approval: meaning, approver, changes since, and the approve button.
import { Button } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../../api/changes.ts'
import { ChangeList, findDifferences } from '../../../components/change-list.tsx'
import { StateChip } from '../../../components/chips.tsx'
import { ReasonDialog } from '../../../components/reason-dialog.tsx'
import { RelativeTime } from '../../../components/time.tsx'
import { useCan } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { useNames } from '../../../session/names.ts'
import type { Connection } from '../../../components/object/connection-state.ts'
import { useDialog } from '../../../hooks/use-dialog.ts'

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
  // Approve the displayed meaning, so that no concurrent change is approved unseen.
  const [asked, setAsked] = useState<{ readonly seen: ScopeState; readonly etag: string }>()
  const taking = useDialog()
  const approve = useChange('connections.approve-scopes')
  const revoke = useChange('connections.revoke-approvals')
  const call = (reason = '') => ({ params: { id }, body: { scopes: [scope], reason } })
  return (
    <div className="cw-scope-approval">
      <div className="cw-check-head">
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
          {state === 'approved' ? (
            <Button size="compact-sm" onClick={taking.open}>
              {text('approval.revoke')}
            </Button>
          ) : (
            <Button size="compact-sm" onClick={() => setAsked({ seen: found, etag })}>
              {text('approval.approve')}
            </Button>
          )}
        </div>
      ) : null}
      <ReasonDialog
        opened={asked !== undefined}
        close={() => setAsked(undefined)}
        title={text('approval.approveTitle', { scope })}
        confirmLabel={text('approval.confirm')}
        done={text('approval.approvedOne', { scope })}
        confirm={(reason) => approve.mutateAsync({ ...call(reason), ifMatch: asked?.etag ?? '' })}
      >
        <p>{text('approval.approveHelp')}</p>
        <ScopeMeaning found={asked?.seen ?? found} />
      </ReasonDialog>
      <ReasonDialog
        {...taking.props}
        title={text('approval.revokeTitle', { scope })}
        confirmLabel={text('approval.revokeConfirm')}
        done={text('approval.revokenOne', { scope })}
        confirm={(reason) => revoke.mutateAsync(call(reason))}
        help={text('approval.revokeHelp')}
      />
    </div>
  )
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
