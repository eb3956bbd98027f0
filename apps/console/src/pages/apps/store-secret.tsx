// Stores an API key, or the client secret at a service. The form keeps it only until submission.
import { PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ObjectSelect } from '../../components/object/object-select.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { Brokered } from './resource-apps-page.tsx'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface StoreSecretProps extends DialogProps {
  readonly id: string
  readonly brokered: Brokered
}

export function StoreSecret({ id, brokered: { credential }, opened, close }: StoreSecretProps) {
  const store = useChange('stored-credentials.store')
  const [secret, setSecret] = useState('')
  const [user, setUser] = useState<string | undefined>(undefined)
  const perUser = credential.kind === 'apiKey' && credential.per === 'user'
  const title = text(credential.kind === 'oauth' ? 'vault.store.clientSecret' : 'vault.store.apiKey')
  const end = () => {
    setSecret('')
    close()
  }
  return (
    <ReasonDialog
      opened={opened}
      close={end}
      title={title.replace('…', '')}
      confirmLabel={title.replace('…', '')}
      confirm={async (reason = '') => {
        const body = {
          resourceApp: id,
          secret: secret.trim(),
          reason,
          ...(perUser && user !== undefined ? { user } : {}),
        }
        await store.mutateAsync({ body })
        showDone({ message: text('vault.done') })
      }}
    >
      <Stack gap="sm" mb="sm">
        <p className="cw-quiet-text">{text('vault.replaces')}</p>
        {perUser ? (
          <ObjectSelect
            of="users"
            label={text('vault.user')}
            description={text('vault.userHelp')}
            value={user}
            change={setUser}
          />
        ) : null}
        <PasswordInput
          label={text('vault.secret')}
          description={text('vault.secretHelp')}
          autoComplete="off"
          required
          maxLength={8192}
          value={secret}
          onChange={({ currentTarget }) => setSecret(currentTarget.value)}
        />
      </Stack>
    </ReasonDialog>
  )
}
