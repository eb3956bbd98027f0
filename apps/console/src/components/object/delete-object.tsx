// Confirms the deletion of an object. The server reports remaining references.
import { useNavigate } from '@tanstack/react-router'
import type { Collection } from '@crosswalk/admin-api'

import { text } from '../../texts/text.ts'
import { ReasonDialog } from '../reason-dialog.tsx'
import { showDone } from '../toasts.tsx'
import { useDelete, useRestore } from './object-types.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface DeleteObjectProps extends DialogProps {
  readonly collection: Collection
  readonly id: string
  readonly etag: string
  readonly revision: number
  /** Where to navigate afterwards */
  readonly to: string
}

export function DeleteObject({ collection, id, etag, revision, opened, close, to }: DeleteObjectProps) {
  const remove = useDelete(collection)
  const restore = useRestore(collection)
  const navigate = useNavigate()
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      danger
      typeName={id}
      title={text('connection.deleteTitle', { name: id })}
      confirmLabel={text('connection.delete').replace('…', '')}
      confirm={async (reason) => {
        await remove.mutateAsync({ params: { id }, ifMatch: etag, reason })
        showDone({
          message: text('connection.deleted'),
          undo: () =>
            restore.mutateAsync({
              params: { id },
              body: { revision },
              reason: text('connection.undoReason'),
            }),
        })
        await navigate({ to })
      }}
      help={text('connection.deleteHelp')}
    />
  )
}
