// Sets or removes the password of a user. The old one cannot be read.
import { PasswordInput, Switch } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { text } from '../../texts/text.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface PasswordDialogProps extends DialogProps {
  readonly user: AnswerTo<'users.read'>
  readonly etag: string
}

export function PasswordDialog({ user, etag, opened, close }: PasswordDialogProps) {
  const [password, setPassword] = useState('')
  const [none, setNone] = useState(false)
  const change = useChange('users.change')
  const name = user.name ?? user.username
  return (
    <ReasonDialog
      opened={opened}
      close={() => {
        setPassword('')
        setNone(false)
        close()
      }}
      danger={none}
      title={text('user.passwordTitle', { name })}
      confirmLabel={text(none ? 'user.noPassword' : 'user.savePassword')}
      done={text(none ? 'user.passwordRemoved' : 'user.passwordSet', { name })}
      confirm={async (reason) => {
        await change.mutateAsync({
          params: { id: user.id },
          ifMatch: etag,
          body: { password: none ? null : password },
          reason,
        })
        setPassword('')
      }}
    >
      <PasswordInput
        label={text('user.newPassword')}
        autoComplete="new-password"
        required={!none}
        disabled={none}
        maxLength={1024}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      {user.hasPassword ? (
        <Switch
          my="sm"
          label={text('user.noPassword')}
          description={text('user.noPasswordHelp')}
          checked={none}
          onChange={({ currentTarget }) => setNone(currentTarget.checked)}
        />
      ) : null}
    </ReasonDialog>
  )
}
