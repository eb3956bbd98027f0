// The actions that place and release a legal hold on audit events, with their dialogs.
import { IconGavel, IconLockOpen } from '@tabler/icons-react'

import { sendChange } from '../../api/changes.ts'
import type { Action } from '../../components/actions.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import { text } from '../../texts/text.ts'

export const PLACE_HOLD: Action = {
  label: text('retention.place'),
  icon: smallIcon(IconGavel),
  needs: 'audit-retention.hold',
  run: confirmPlaceHold,
}

export const RELEASE_HOLD: Action = {
  label: text('retention.release'),
  icon: smallIcon(IconLockOpen),
  needs: 'audit-retention.release',
  run: confirmReleaseHold,
}

function confirmPlaceHold(): void {
  confirmWithReason({
    title: text('retention.place'),
    confirmLabel: text('retention.place'),
    help: text('retention.placeHelp'),
    done: text('retention.placed'),
    confirm: (reason) => sendChange('audit-retention.hold', { body: { reason } }),
  })
}

function confirmReleaseHold(): void {
  confirmWithReason({
    danger: true,
    title: text('retention.release'),
    confirmLabel: text('retention.release'),
    help: text('retention.releaseHelp'),
    done: text('retention.released'),
    confirm: (reason) => sendChange('audit-retention.release', { body: { reason } }),
  })
}
