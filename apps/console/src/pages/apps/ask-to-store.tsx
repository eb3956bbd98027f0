// Stores an API key, or the client secret at a service. The form keeps it only until submission.
import { PasswordInput, Stack } from '@mantine/core'

import { sendChange } from '../../api/changes.ts'
import { askWith } from '../../components/ask-reason.ts'
import { ObjectSelect } from '../../components/object/object-select.tsx'
import { text } from '../../texts/text.ts'
import type { Brokered } from './resource-apps-page.tsx'

/** @param id - of the resource app */
export function askToStore(id: string, { credential }: Brokered): void {
  const perUser = credential.kind === 'apiKey' && credential.per === 'user'
  const code = credential.kind === 'oauth' ? 'vault.store.clientSecret' : 'vault.store.apiKey'
  const title = text(code).replace('…', '')
  const initial = { secret: '', user: undefined as string | undefined }
  askWith(initial, ({ secret, user }, set) => ({
    title,
    confirmLabel: title,
    done: text('vault.done'),
    children: (
      <Stack gap="sm" mb="sm">
        <p className="cw-quiet-text">{text('vault.replaces')}</p>
        {perUser ? (
          <ObjectSelect
            of="users"
            label={text('vault.user')}
            description={text('vault.userHelp')}
            value={user}
            change={(chosen) => set({ user: chosen })}
          />
        ) : null}
        <PasswordInput
          label={text('vault.secret')}
          description={text('vault.secretHelp')}
          autoComplete="off"
          required
          maxLength={8192}
          value={secret}
          onChange={({ currentTarget: { value } }) => set({ secret: value })}
        />
      </Stack>
    ),
    confirm: (reason) =>
      sendChange('stored-credentials.store', {
        body: {
          resourceApp: id,
          secret: secret.trim(),
          reason,
          ...(perUser && user !== undefined ? { user } : {}),
        },
      }),
  }))
}
