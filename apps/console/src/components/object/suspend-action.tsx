// The action that suspends or resumes an object, and its dialogs. Connections have a suspend dialog of their own.
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'

import { sendChange } from '../../api/changes.ts'
import { countText, text } from '../../texts/text.ts'
import type { Action } from '../actions.tsx'
import { confirmWithReason } from '../confirm.ts'
import { smallIcon } from '../small-icon.tsx'
import { showDone } from '../toasts.tsx'

const WORD = { apps: 'app', users: 'user', connections: 'connection' } as const
type Suspendable = keyof typeof WORD

interface Named {
  readonly id: string
  readonly name: string
}

interface SuspendActionProps extends Named {
  readonly isSuspended: boolean
  readonly suspend: () => void
}

export function suspendAction(
  of: Suspendable,
  { isSuspended, suspend, ...named }: SuspendActionProps,
): Action {
  return {
    label: text(`${WORD[of]}.${isSuspended ? 'resume' : 'suspend'}`),
    icon: smallIcon(isSuspended ? IconPlayerPlay : IconPlayerPause),
    needs: `${of}.${isSuspended ? 'resume' : 'suspend'}`,
    run: isSuspended ? () => confirmResume(of, named) : suspend,
  }
}

function confirmResume(of: Suspendable, { id, name }: Named): void {
  confirmWithReason({
    title: text('suspension.resumeTitle', { name }),
    confirmLabel: text(`${WORD[of]}.resume`),
    help: text(`${WORD[of]}.resumeHelp`),
    done: text(`${WORD[of]}.resumed`, { name }),
    confirm: (reason) => sendChange(`${of}.resume`, { params: { id }, body: {}, reason }),
  })
}

export function confirmSuspend(of: 'apps' | 'users', { id, name }: Named): void {
  confirmWithReason({
    title: text('suspension.suspendTitle', { name }),
    confirmLabel: text(`${WORD[of]}.suspend`),
    help: text(`${WORD[of]}.suspendHelp`),
    async confirm(reason) {
      const { body } = await sendChange(`${of}.suspend`, { params: { id }, body: {}, reason })
      showDone({
        message: text('suspension.suspended', { name, revoked: describeRevoked(body.revokedTokens) }),
      })
    },
  })
}

/** @returns how many tokens stopped working, as a sentence */
export function describeRevoked(count: number): string {
  return countText('suspension.revokedOne', 'suspension.revokedMany', count)
}
