// Sets or removes the password of a user. The old one cannot be read.
import type { AnswerTo } from '@crosswalk/admin-api'
import { PasswordInput, Switch } from '@mantine/core'

import { sendChange } from '../../api/changes.ts'
import { askWith } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'

export function askForPassword(user: AnswerTo<'users.read'>, etag: string): void {
  const { id, name = user.username, hasPassword } = user
  askWith({ password: '', none: false }, ({ password, none }, set) => ({
    danger: none,
    title: text('user.passwordTitle', { name }),
    confirmLabel: text(none ? 'user.noPassword' : 'user.savePassword'),
    done: text(none ? 'user.passwordRemoved' : 'user.passwordSet', { name }),
    children: (
      <>
        <PasswordInput
          label={text('user.newPassword')}
          autoComplete="new-password"
          required={!none}
          disabled={none}
          maxLength={1024}
          value={password}
          onChange={({ currentTarget: { value } }) => set({ password: value })}
        />
        {hasPassword ? (
          <Switch
            my="sm"
            label={text('user.noPassword')}
            description={text('user.noPasswordHelp')}
            checked={none}
            onChange={({ currentTarget: { checked } }) => set({ none: checked })}
          />
        ) : null}
      </>
    ),
    confirm: (reason) =>
      sendChange('users.change', {
        params: { id },
        ifMatch: etag,
        body: { password: none ? null : password },
        reason,
      }),
  }))
}
