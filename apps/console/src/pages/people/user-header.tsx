// The head of a person's page, with what stops everything for them.
import { IconPlayerPause, IconPlayerPlay, IconShieldX } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { OwnerChip, StateChip } from '../../components/chips.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { userState } from './users-page.tsx'

type User = AnswerTo<'users.read'>

export function UserHeader({ user }: { readonly user: User }) {
  const [open, setOpen] = useState<'suspend' | 'resume' | 'block' | undefined>(undefined)
  const suspend = useChange('users.suspend')
  const resume = useChange('users.resume')
  const block = useChange('blocks.create')
  const endBlock = useChange('blocks.end')
  const name = user.name ?? user.username
  const held = user.state?.held
  const close = () => setOpen(undefined)
  const call = (reason: string | undefined) => ({ params: { id: user.id }, body: {}, reason })
  return (
    <>
      <PageHeader
        parent={{ to: '/users', label: text('nav.users') }}
        title={text('user.title', { name })}
        chips={
          <>
            <StateChip state={userState(user)} />
            <OwnerChip owner={user.owner} />
          </>
        }
        lead={
          held === undefined
            ? text('user.lead', { name })
            : `${text('connection.held', { state: text(`chip.${held.state}`), by: held.by })}${held.reason === undefined ? '' : `, ${text('connection.heldReason', { reason: held.reason })}`}`
        }
        actions={[
          {
            label: text('user.block'),
            icon: <IconShieldX size={16} aria-hidden="true" />,
            needs: 'blocks.create',
            run: () => setOpen('block'),
          },
          held === undefined
            ? {
                label: text('user.suspend'),
                icon: <IconPlayerPause size={16} aria-hidden="true" />,
                needs: 'users.suspend',
                look: { color: 'red' },
                run: () => setOpen('suspend'),
              }
            : {
                label: text('user.resume'),
                icon: <IconPlayerPlay size={16} aria-hidden="true" />,
                needs: 'users.resume',
                run: () => setOpen('resume'),
              },
        ]}
      />
      <ReasonDialog
        opened={open === 'block'}
        close={close}
        title={text('user.blockTitle', { name })}
        confirmLabel={text('user.block')}
        confirm={async (reason) => {
          const { body } = await block.mutateAsync({
            body: { kind: 'user', target: user.id, reason: reason ?? '' },
          })
          showDone({
            message: text('user.blocked', { name }),
            undo: () =>
              endBlock.mutateAsync({ params: { id: body.id }, reason: text('connection.undoReason') }),
          })
        }}
      >
        <p>{text('user.blockHelp')}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'suspend'}
        close={close}
        danger
        title={text('user.suspendTitle', { name })}
        confirmLabel={text('user.suspend')}
        confirm={async (reason) => {
          await suspend.mutateAsync(call(reason))
          showDone({ message: text('user.suspended', { name }) })
        }}
      >
        <p>{text('user.suspendHelp')}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'resume'}
        close={close}
        title={`${text('user.resume')} · ${name}`}
        confirmLabel={text('user.resume')}
        confirm={async (reason) => {
          await resume.mutateAsync(call(reason))
          showDone({ message: text('user.resumed', { name }) })
        }}
      />
    </>
  )
}
