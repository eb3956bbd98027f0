// Suspending an object and resuming it: the button of its header, and what is asked before. Connections ask more before
// they are suspended, in a dialog of their own.
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'

import { useChange } from '../../api/changes.ts'
import { countText, text } from '../../texts/text.ts'
import type { Action } from '../actions.tsx'
import { ReasonDialog } from '../reason-dialog.tsx'
import { smallIcon } from '../small-icon.tsx'
import { showDone } from '../toasts.tsx'

const WORD = { apps: 'app', users: 'user', connections: 'connection' } as const
type Holdable = keyof typeof WORD

export function holdAct(of: Holdable, isHeld: boolean, open: (dialog: string) => void): Action {
  const dialog = isHeld ? 'resume' : 'suspend'
  return {
    label: isHeld ? text('connection.resume') : text(`${WORD[of]}.suspend`),
    icon: smallIcon(isHeld ? IconPlayerPlay : IconPlayerPause),
    needs: `${of}.${dialog}`,
    // Of the three, only a suspended connection leaves sessions and tokens alone.
    ...(isHeld || of === 'connections' ? {} : { look: { color: 'red' } }),
    run: () => open(dialog),
  }
}

interface HoldProps<T extends Holdable> {
  readonly of: T
  readonly id: string
  readonly name: string
  /** The dialog that is open */
  readonly open: string | undefined
  readonly close: () => void
}

export function ResumeDialog({ of, id, name, open, close }: HoldProps<Holdable>) {
  const resume = useChange(`${of}.resume`)
  return (
    <ReasonDialog
      opened={open === 'resume'}
      close={close}
      title={text('hold.resumeTitle', { name })}
      confirmLabel={text('connection.resume')}
      done={text(`${WORD[of]}.resumed`, { name })}
      confirm={(reason) => resume.mutateAsync({ params: { id }, body: {}, reason })}
      help={text(`${WORD[of]}.resumeHelp`)}
    />
  )
}

export function SuspendDialog({ of, id, name, open, close }: HoldProps<'apps' | 'users'>) {
  const suspend = useChange(`${of}.suspend`)
  return (
    <ReasonDialog
      opened={open === 'suspend'}
      close={close}
      danger
      title={text('hold.suspendTitle', { name })}
      confirmLabel={text('connection.suspend')}
      confirm={async (reason) => {
        const { body } = await suspend.mutateAsync({ params: { id }, body: {}, reason })
        showDone({ message: text('hold.suspended', { name, revoked: describeRevoked(body.revokedTokens) }) })
      }}
      help={text(`${WORD[of]}.suspendHelp`)}
    />
  )
}

/** @returns how many tokens stopped working, as a sentence */
export function describeRevoked(count: number): string {
  return countText('hold.revokedOne', 'hold.revokedMany', count)
}
