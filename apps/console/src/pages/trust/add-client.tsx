// Registers a client at a local authorization server. A generated secret is shown once.
import { Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'

import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { AuthFields, NO_AUTH, toAuth } from '../apps/auth-fields.tsx'
import { ShownOnce } from '../apps/shown-once.tsx'
import { useServerChange } from './authorization-server.ts'
import type { ServerDialogProps } from './add-button.tsx'

const EMPTY = { id: '', name: '' }

export function AddClient({ server, opened, close }: ServerDialogProps) {
  const [draft, setDraft] = useState(EMPTY)
  const [auth, setAuth] = useState(NO_AUTH)
  const [secret, setSecret] = useState<string | undefined>(undefined)
  const change = useServerChange(server.id, opened)
  async function add(reason: string | undefined): Promise<void> {
    const sent = toAuth(auth)
    if (change === undefined) return
    if (sent === undefined) throw new Error(text('app.needsKeys'))
    const client = { id: draft.id, ...(draft.name === '' ? {} : { name: draft.name }), auth: sent }
    const { body } = await change.save({ clients: [...change.server.clients, client] }, reason)
    const made = body.clients.find(({ id }) => id === draft.id)?.auth
    setSecret(made !== undefined && 'secret' in made ? made.secret : undefined)
    showDone({ message: text('servers.clientAdded', { id: draft.id }) })
    setDraft(EMPTY)
  }
  return (
    <>
      <ReasonDialog
        opened={opened && change !== undefined}
        close={close}
        title={text('servers.addTitle', { server: server.id })}
        confirmLabel={text('servers.addNow')}
        confirm={add}
      >
        <Stack gap="md" mb="md">
          <p>{text('servers.addHelp')}</p>
          <TextInput
            label={text('word.clientID')}
            description={text('servers.clientHelp')}
            required
            spellCheck={false}
            autoComplete="off"
            value={draft.id}
            onChange={({ currentTarget }) => setDraft({ ...draft, id: currentTarget.value.trim() })}
          />
          <TextInput
            label={`${text('word.name')} ${text('field.optional')}`}
            value={draft.name}
            onChange={({ currentTarget }) => setDraft({ ...draft, name: currentTarget.value })}
          />
          <AuthFields draft={auth} change={setAuth} />
        </Stack>
      </ReasonDialog>
      <Modal
        opened={secret !== undefined}
        onClose={() => setSecret(undefined)}
        title={text('word.clientSecret')}
        withCloseButton={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <ShownOnce secret={secret ?? ''} stored={() => setSecret(undefined)} />
      </Modal>
    </>
  )
}
