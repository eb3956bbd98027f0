// Suspending an object and resuming it: the button of its header, and what is asked before. Connections ask more before
// they are suspended, in a dialog of their own.
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'

import { sendChange } from '../../api/changes.ts'
import { countText, text } from '../../texts/text.ts'
import type { Action } from '../actions.tsx'
import { askReason } from '../ask-reason.ts'
import { smallIcon } from '../small-icon.tsx'
import { showDone } from '../toasts.tsx'

const WORD = { apps: 'app', users: 'user', connections: 'connection' } as const
type Holdable = keyof typeof WORD

interface Named {
  readonly id: string
  readonly name: string
}

interface HoldActProps extends Named {
  readonly isHeld: boolean
  readonly suspend: () => void
}

export function holdAct(of: Holdable, { isHeld, suspend, ...named }: HoldActProps): Action {
  return {
    label: isHeld ? text('connection.resume') : text(`${WORD[of]}.suspend`),
    icon: smallIcon(isHeld ? IconPlayerPlay : IconPlayerPause),
    needs: `${of}.${isHeld ? 'resume' : 'suspend'}`,
    run: isHeld ? () => askToResume(of, named) : suspend,
  }
}

function askToResume(of: Holdable, { id, name }: Named): void {
  askReason({
    title: text('hold.resumeTitle', { name }),
    confirmLabel: text('connection.resume'),
    help: text(`${WORD[of]}.resumeHelp`),
    done: text(`${WORD[of]}.resumed`, { name }),
    confirm: (reason) => sendChange(`${of}.resume`, { params: { id }, body: {}, reason }),
  })
}

export function askToSuspend(of: 'apps' | 'users', { id, name }: Named): void {
  askReason({
    title: text('hold.suspendTitle', { name }),
    confirmLabel: text('connection.suspend'),
    help: text(`${WORD[of]}.suspendHelp`),
    async confirm(reason) {
      const { body } = await sendChange(`${of}.suspend`, { params: { id }, body: {}, reason })
      showDone({ message: text('hold.suspended', { name, revoked: describeRevoked(body.revokedTokens) }) })
    },
  })
}

/** @returns how many tokens stopped working, as a sentence */
export function describeRevoked(count: number): string {
  return countText('hold.revokedOne', 'hold.revokedMany', count)
}
