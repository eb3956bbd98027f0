// The user menu: user, role, session expiry, recent messages, and signing out.
import { ActionIcon, Button, Popover } from '@mantine/core'
import { IconLogout, IconUserCircle } from '@tabler/icons-react'

import { showFailed, useToastLog } from '../components/toasts.tsx'
import { formatClock, RelativeTime } from '../components/time.tsx'
import { signOut, useSession } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import { smallIcon } from '../components/small-icon.tsx'

export function AccountMenu() {
  const { name, role, expiresAt } = useSession()
  return (
    <Popover position="bottom-end" trapFocus width={300}>
      <Popover.Target>
        <ActionIcon color="gray" aria-label={text('me.label', { name })}>
          <IconUserCircle size={22} aria-hidden="true" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={text('me.label', { name })}>
        <p className="cw-me-name">{name}</p>
        <p>{text('me.role', { role: text(`role.${role}`) })}</p>
        <p className="cw-quiet-text">
          {text('me.until', { when: '' }).replace(/ \.$/, ' ')}
          <RelativeTime moment={expiresAt} />
        </p>
        <Messages />
        <Button
          fullWidth
          mt="sm"
          onClick={() => void signOut().catch(showFailed)}
          leftSection={smallIcon(IconLogout)}
        >
          {text('me.signOut')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

function Messages() {
  const log = useToastLog()
  return (
    <section aria-label={text('me.log')}>
      <h3 className="cw-small-heading">{text('me.log')}</h3>
      {log.length === 0 ? <p className="cw-quiet-text">{text('me.noLog')}</p> : null}
      <ul className="cw-plain-list">
        {log.map(({ id, at, message }) => (
          <li key={id}>
            <span className="cw-quiet-text">{formatClock(at)}</span> {message}
          </li>
        ))}
      </ul>
    </section>
  )
}
