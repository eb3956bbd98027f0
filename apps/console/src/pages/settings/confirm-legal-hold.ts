// Dialogs that place and release a legal hold on audit events.
import { sendChange } from '../../api/changes.ts'
import { confirmWithReason } from '../../components/confirm.ts'
import { text } from '../../texts/text.ts'

export function confirmPlaceHold(): void {
  confirmWithReason({
    title: text('retention.placeTitle'),
    confirmLabel: text('retention.placeTitle'),
    help: text('retention.placeHelp'),
    done: text('retention.placed'),
    confirm: (reason) => sendChange('audit-retention.hold', { body: { reason } }),
  })
}

export function confirmReleaseHold(): void {
  confirmWithReason({
    danger: true,
    title: text('retention.releaseTitle'),
    confirmLabel: text('retention.releaseTitle'),
    help: text('retention.releaseHelp'),
    done: text('retention.released'),
    confirm: (reason) => sendChange('audit-retention.release', { body: { reason } }),
  })
}
