// Adds to the definition of an authorization server, unless the configuration file owns it.
import { type ComponentType } from 'react'

import { ActionButton, useWhyNot } from '../../components/actions.tsx'
import { text } from '../../texts/text.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'
import { useDialog } from '../../hooks/use-dialog.ts'

export interface ServerDialogProps extends DialogProps {
  readonly server: AuthorizationServer
}

interface AddButtonProps {
  readonly label: string
  readonly server: AuthorizationServer
  readonly Dialog: ComponentType<ServerDialogProps>
}

export function AddButton({ label, server, Dialog }: AddButtonProps) {
  const opened = useDialog()
  const whyNot = useWhyNot()('authorization-servers.change')
  return (
    <>
      <ActionButton
        action={{
          label,
          disabled: whyNot ?? (server.owner === 'file' ? text('connection.fileOwned') : undefined),
          run: opened.open,
        }}
      />
      <Dialog server={server} {...opened.props} />
    </>
  )
}
