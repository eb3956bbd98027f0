// What is asked before a connection is stopped, let run again, or deleted.
import { useNavigate } from '@tanstack/react-router'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { Connection } from './connection-state.ts'

export type DialogName = 'suspend' | 'resume' | 'revoke' | 'delete'

interface ConnectionDialogsProps {
  readonly connection: Connection
  readonly etag: string
  readonly open: string | undefined
  readonly close: () => void
}

export function ConnectionDialogs({ connection: { id }, etag, open, close }: ConnectionDialogsProps) {
  const suspend = useChange('connections.suspend')
  const resume = useChange('connections.resume')
  const revoke = useChange('connections.revoke')
  const remove = useChange('connections.delete')
  const navigate = useNavigate()
  const call = (reason: string | undefined) => ({ params: { id }, body: {}, reason })
  return (
    <>
      <ReasonDialog
        opened={open === 'suspend'}
        close={close}
        title={`${text('connection.suspend')} ${id}`}
        confirmLabel={text('connection.suspend')}
        confirm={async (reason) => {
          await suspend.mutateAsync(call(reason))
          showDone({
            message: text('connection.suspendedOne'),
            undo: () => resume.mutateAsync(call(text('connection.undoReason'))),
          })
        }}
      >
        <p>{text('connection.suspendHelp')}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'resume'}
        close={close}
        title={`${text('connection.resume')} ${id}`}
        confirmLabel={text('connection.resume')}
        confirm={async (reason) => {
          await resume.mutateAsync(call(reason))
          showDone({ message: text('connection.resumed') })
        }}
      >
        <p>{text('connection.resumeHelp')}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'revoke'}
        close={close}
        danger
        title={text('connection.revokeTitle', { name: id })}
        confirmLabel={text('connection.revoke').replace('…', '')}
        confirm={async (reason) => {
          const { body } = await revoke.mutateAsync(call(reason))
          showDone({ message: text('connection.revoked', { count: body.revokedTokens }) })
        }}
      >
        <p>{text('connection.revokeHelp')}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'delete'}
        close={close}
        danger
        typeName={id}
        title={text('connection.deleteTitle', { name: id })}
        confirmLabel={text('connection.delete').replace('…', '')}
        confirm={async (reason) => {
          await remove.mutateAsync({ params: { id }, ifMatch: etag, reason })
          showDone({ message: text('connection.deleted') })
          await navigate({ to: '/connections' })
        }}
      >
        <p>{text('connection.deleteHelp')}</p>
      </ReasonDialog>
    </>
  )
}
