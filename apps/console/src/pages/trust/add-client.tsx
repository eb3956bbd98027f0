// Registers a client at a local authorization server. A generated secret is shown once.
import { Modal, Stack } from '@mantine/core'
import { useState } from 'react'

import { askWith } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'
import { AuthFields, NO_AUTH, toAuth } from '../apps/auth-fields.tsx'
import { ShownOnce } from '../apps/shown-once.tsx'
import { type AuthorizationServer, changeServer } from './authorization-server.ts'
import { ServerButton } from './server-button.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'

const EMPTY = { id: '', name: '', auth: NO_AUTH }
type Draft = typeof EMPTY

const FIELDS: readonly FormField<Draft>[] = [
  { kind: 'word', name: 'id', label: 'word.clientID', help: 'servers.clientHelp', required: true },
  { kind: 'text', name: 'name', label: 'word.name', mayBeEmpty: true },
]

export function AddClient({ server }: { readonly server: AuthorizationServer }) {
  const [secret, setSecret] = useState<string | undefined>(undefined)
  return (
    <>
      <ServerButton
        label={text('servers.add')}
        server={server}
        run={() => askForClient(server.id, setSecret)}
      />
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

/** @param made - receives the generated secret, if any */
function askForClient(server: string, made: (secret: string | undefined) => void): void {
  askWith(EMPTY, (draft, set) => ({
    title: text('servers.addTitle', { server }),
    confirmLabel: text('servers.addNow'),
    done: text('servers.clientAdded', { id: draft.id }),
    children: (
      <Stack gap="md" mb="md">
        <p>{text('servers.addHelp')}</p>
        <Fields<Draft, Draft> fields={FIELDS} draft={draft} change={set} />
        <AuthFields draft={draft.auth} change={(next) => set({ auth: next })} />
      </Stack>
    ),
    async confirm(reason) {
      const { id, name, auth } = draft
      const sent = toAuth(auth)
      if (sent === undefined) throw new Error(text('app.needsKeys'))
      const client = { id, ...(name === '' ? {} : { name }), auth: sent }
      const { clients } = await changeServer(server, (now) => ({ clients: [...now.clients, client] }), reason)
      const added = clients.find((one) => one.id === id)?.auth
      made(added !== undefined && 'secret' in added ? added.secret : undefined)
    },
  }))
}
