// Suspends, blocks and resumes a user, each after asking for a reason.
import type { AnswerTo } from '@crosswalk/admin-api'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'

interface UserActsProps {
  readonly user: AnswerTo<'users.read'>
  readonly open: string | undefined
  readonly close: () => void
}

export function UserActs({ user, open, close }: UserActsProps) {
  const suspend = useChange('users.suspend')
  const resume = useChange('users.resume')
  const block = useChange('blocks.create')
  const endBlock = useChange('blocks.end')
  const name = user.name ?? user.username
  const call = (reason: string | undefined) => ({ params: { id: user.id }, body: {}, reason })
  return (
    <>
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
        confirmLabel={text('connection.suspend')}
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
