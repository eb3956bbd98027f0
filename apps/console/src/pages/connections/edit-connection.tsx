// Edits a connection: form, difference, reason, and the effect for a chosen user, before it is saved.
import { Button, Drawer } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { kindOf } from '../../api/problem.ts'
import { ChangeList, findDifferences } from '../../components/change-list.tsx'
import { ChangeProblem } from '../../components/change-problem.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { ConnectionFields, type Draft } from './connection-fields.tsx'
import type { Connection } from '../../components/object/connection-state.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import { TokenPreview } from './token-preview.tsx'

interface EditConnectionProps {
  readonly connection: Connection
  readonly etag: string
  readonly opened: boolean
  readonly close: () => void
  readonly reload: () => void
}

export function EditConnection(props: EditConnectionProps) {
  return (
    <Drawer
      opened={props.opened}
      onClose={props.close}
      position="right"
      size="46rem"
      title={text('edit.title')}
      closeButtonProps={{ 'aria-label': text('help.close') }}
    >
      <EditForm {...props} />
    </Drawer>
  )
}

function EditForm({ connection, etag, close, reload }: EditConnectionProps) {
  // As it was when the form was opened: what others change meanwhile must not be overwritten unseen.
  const [opened, setOpened] = useState({ connection, etag })
  const [draft, setDraft] = useState<Draft>(() => pickDefinition('connections', connection))
  const [saving, setSaving] = useState(false)
  const [stale, setStale] = useState<unknown>(undefined)
  const replace = useChange('connections.replace')
  const differences = findDifferences(pickDefinition('connections', opened.connection), draft)
  return (
    <>
      {stale === undefined ? null : (
        <ChangeProblem
          error={stale}
          reload={() => {
            reload()
            setOpened({ connection, etag })
            setDraft(pickDefinition('connections', connection))
            setStale(undefined)
          }}
        />
      )}
      <ConnectionFields draft={draft} change={setDraft} />
      <TokenPreview connection={draft} />
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.discard')}</Button>
        <Button variant="filled" disabled={differences.length === 0} onClick={() => setSaving(true)}>
          {text('form.review')}
        </Button>
      </div>
      <ReasonDialog
        opened={saving}
        close={() => setSaving(false)}
        title={text('form.changes')}
        confirmLabel={text('form.save')}
        confirm={async (reason) => {
          try {
            await replace.mutateAsync({
              params: { id: connection.id },
              ifMatch: opened.etag,
              body: draft as never,
              reason,
            })
          } catch (error) {
            if (kindOf(error) !== 'stale') throw error
            setStale(error)
            return
          }
          showDone({ message: text('edit.saved') })
          close()
        }}
      >
        <ChangeList differences={differences} />
      </ReasonDialog>
    </>
  )
}
