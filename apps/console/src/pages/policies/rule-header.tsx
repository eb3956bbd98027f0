// The head of a rule's page, with what can be done to it. Turning it on shows first whom it would meet.
import {
  IconCode,
  IconCircleDashed,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import type { Action } from '../../components/actions.tsx'
import { OwnerChip, StateChip } from '../../components/chips.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { ViewAs } from '../../components/view-as.tsx'
import { text } from '../../texts/text.ts'
import { StateDialog } from './state-dialog.tsx'
import type { Policy } from './rule.ts'

interface HeaderProps {
  readonly policy: Policy
  readonly etag: string
  readonly edit: () => void
  readonly editing: boolean
}

type Dialog = Policy['state'] | 'delete' | 'view-as'

export function RuleHeader({ policy, etag, edit, editing }: HeaderProps) {
  const [dialog, setDialog] = useState<Dialog | undefined>(undefined)
  const close = () => setDialog(undefined)
  return (
    <>
      <PageHeader
        parent={{ to: '/policies', label: text('nav.policies') }}
        title={policy.id}
        chips={
          <>
            <StateChip state={policy.state} />
            <OwnerChip owner={policy.owner} />
          </>
        }
        lead={
          <>
            <p className="cw-rule-sentence">{policy.sentence}</p>
            {policy.description === undefined ? null : <p>{policy.description}</p>}
          </>
        }
        actions={editing ? [] : listActions(policy, edit, setDialog)}
      />
      {(['enforced', 'report-only', 'off'] as const).map((state) => (
        <StateDialog
          key={state}
          policy={policy}
          etag={etag}
          to={state}
          opened={dialog === state}
          close={close}
        />
      ))}
      <DeleteDialog policy={policy} etag={etag} opened={dialog === 'delete'} close={close} />
      <ViewAs
        opened={dialog === 'view-as'}
        close={close}
        collection="policies"
        id={policy.id}
        object={policy}
      />
    </>
  )
}

function listActions(
  { owner, state }: Policy,
  edit: () => void,
  open: (dialog: Dialog) => void,
): readonly Action[] {
  const disabled = owner === 'file' ? text('connection.fileOwned') : undefined
  const turn = (to: Policy['state'], icon: Action['icon']): Action => ({
    label: text(`rule.turn.${to}`),
    icon,
    needs: 'policies.change',
    disabled,
    run: () => open(to),
  })
  const turns = [
    turn('enforced', <IconPlayerPlay size={16} aria-hidden="true" />),
    turn('report-only', <IconCircleDashed size={16} aria-hidden="true" />),
    turn('off', <IconPlayerStop size={16} aria-hidden="true" />),
  ]
  const states = ['enforced', 'report-only', 'off']
  return [
    {
      label: text('connection.edit'),
      icon: <IconPencil size={16} aria-hidden="true" />,
      inMenu: 'usual',
      keys: 'e',
      needs: 'policies.change',
      disabled,
      run: edit,
    },
    ...turns.filter((_, index) => states[index] !== state),
    {
      label: text('viewAs.open'),
      icon: <IconCode size={16} aria-hidden="true" />,
      inMenu: 'usual',
      run: () => open('view-as'),
    },
    {
      label: text('connection.delete'),
      icon: <IconTrash size={16} aria-hidden="true" />,
      needs: 'policies.delete',
      inMenu: 'dangerous',
      disabled,
      run: () => open('delete'),
    },
  ]
}

interface DialogProps {
  readonly policy: Policy
  readonly etag: string
  readonly opened: boolean
  readonly close: () => void
}

function DeleteDialog({ policy: { id }, etag, opened, close }: DialogProps) {
  const remove = useChange('policies.delete')
  const navigate = useNavigate()
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      danger
      typeName={id}
      title={text('rule.deleteTitle', { id })}
      confirmLabel={text('connection.delete').replace('…', '')}
      confirm={async (reason) => {
        await remove.mutateAsync({ params: { id }, ifMatch: etag, reason })
        showDone({ message: text('rule.deleted') })
        await navigate({ to: '/policies' })
      }}
    >
      <p>{text('rule.deleteHelp')}</p>
    </ReasonDialog>
  )
}
