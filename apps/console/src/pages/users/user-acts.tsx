// Suspends, blocks and resumes a user, each after asking for a reason.
import type { AnswerTo } from '@crosswalk/admin-api'

import { useChange } from '../../api/changes.ts'
import { ResumeDialog, SuspendDialog } from '../../components/object/hold.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'

interface UserActsProps {
  readonly user: AnswerTo<'users.read'>
  readonly open: string | undefined
  readonly close: () => void
}

export function UserActs({ user, open, close }: UserActsProps) {
  const block = useChange('blocks.create')
  const endBlock = useChange('blocks.end')
  const name = user.name ?? user.username
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
      <SuspendDialog of="users" id={user.id} {...{ name, open, close }} />
      <ResumeDialog of="users" id={user.id} {...{ name, open, close }} />
    </>
  )
}
