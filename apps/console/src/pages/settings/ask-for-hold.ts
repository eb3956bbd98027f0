// What is asked before a legal hold over audit events is placed or released.
import { sendChange } from '../../api/changes.ts'
import { askReason } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'

export function askToPlaceHold(): void {
  askReason({
    title: text('retention.placeTitle'),
    confirmLabel: text('retention.placeTitle'),
    help: text('retention.placeHelp'),
    done: text('retention.placed'),
    confirm: (reason) => sendChange('audit-retention.hold', { body: { reason } }),
  })
}

export function askToReleaseHold(): void {
  askReason({
    danger: true,
    title: text('retention.releaseTitle'),
    confirmLabel: text('retention.releaseTitle'),
    help: text('retention.releaseHelp'),
    done: text('retention.released'),
    confirm: (reason) => sendChange('audit-retention.release', { body: { reason } }),
  })
}
