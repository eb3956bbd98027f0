// Dialogs to activate, suspend, resume and revoke a connection.
import { Checkbox } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { describeRevoked, ResumeDialog } from '../../components/object/hold.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { Connection } from '../../components/object/connection-state.ts'
import { useNames } from '../../session/names.ts'
import { Sentence } from './sentence.tsx'

interface ConnectionDialogsProps {
  readonly connection: Connection
  readonly etag: string
  readonly open: string | undefined
  readonly close: () => void
}

export function ConnectionDialogs({ connection, etag, open, close }: ConnectionDialogsProps) {
  const { id } = connection
  const names = useNames()
  const name = names.ends(connection)
  const change = useChange('connections.change')
  const suspend = useChange('connections.suspend')
  const resume = useChange('connections.resume')
  const revoke = useChange('connections.revoke')
  const [revokeTokens, setRevokeTokens] = useState(false)
  const call = (reason: string | undefined) => ({ params: { id }, body: {}, reason })
  return (
    <>
      <ReasonDialog
        opened={open === 'activate'}
        close={close}
        title={text('connection.activateTitle', { name })}
        confirmLabel={text('connection.activate')}
        done={text('connection.activated')}
        confirm={(reason) =>
          change.mutateAsync({ params: { id }, ifMatch: etag, body: { status: 'active' }, reason })
        }
        help={text('connection.activateHelp')}
      >
        <p>
          <Sentence connection={connection} names={names} />
        </p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'suspend'}
        close={close}
        title={text('hold.suspendTitle', { name })}
        confirmLabel={text('connection.suspend')}
        confirm={async (reason) => {
          const { body } = await suspend.mutateAsync({ ...call(reason), body: { revokeTokens } })
          showDone({
            message: revokeTokens
              ? text('hold.suspended', { name, revoked: describeRevoked(body.revokedTokens) })
              : text('connection.suspendedOne'),
            undo: () => resume.mutateAsync(call(text('connection.undoReason'))),
          })
        }}
      >
        <p>{text('connection.suspendHelp')}</p>
        <Checkbox
          mb="sm"
          label={text('connection.suspendRevoke')}
          description={text('connection.suspendRevokeHelp')}
          checked={revokeTokens}
          onChange={({ currentTarget: { checked } }) => setRevokeTokens(checked)}
        />
      </ReasonDialog>
      <ResumeDialog of="connections" {...{ id, name, open, close }} />
      <ReasonDialog
        opened={open === 'revoke'}
        close={close}
        danger
        title={text('connection.revokeTitle', { name })}
        confirmLabel={text('connection.revoke').replace('…', '')}
        confirm={async (reason) => {
          const { body } = await revoke.mutateAsync(call(reason))
          showDone({ message: text('connection.revoked', { revoked: describeRevoked(body.revokedTokens) }) })
        }}
        help={text('connection.revokeHelp')}
      />
    </>
  )
}
