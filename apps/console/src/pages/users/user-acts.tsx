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
        help={text('user.blockHelp')}
      />
      <ReasonDialog
        opened={open === 'suspend'}
        close={close}
        danger
        title={text('user.suspendTitle', { name })}
        confirmLabel={text('connection.suspend')}
        done={text('user.suspended', { name })}
        confirm={(reason) => suspend.mutateAsync(call(reason))}
        help={text('user.suspendHelp')}
      />
      <ReasonDialog
        opened={open === 'resume'}
        close={close}
        title={`${text('user.resume')} · ${name}`}
        confirmLabel={text('user.resume')}
        done={text('user.resumed', { name })}
        confirm={(reason) => resume.mutateAsync(call(reason))}
      />
    </>
  )
}
