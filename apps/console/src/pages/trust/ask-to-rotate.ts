// Confirms a key rotation: with overlap, or immediately, which invalidates everything the old key signed.
import type { CallTo } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'
import { askReason } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'

type Key = CallTo<'keys.rotate'>['params']

/** @param name - for display */
export function askToRotate(key: Key, name: string, emergency: boolean): void {
  askReason({
    danger: emergency,
    ...(emergency ? { typeName: key.purpose } : {}),
    title: text(emergency ? 'keys.emergencyTitle' : 'keys.rotateTitle', { name }),
    confirmLabel: text(emergency ? 'keys.emergencyNow' : 'keys.rotateNow'),
    help: text(emergency ? 'keys.emergencyHelp' : 'keys.rotateHelp'),
    done: text(emergency ? 'keys.emergencyDone' : 'keys.rotated'),
    confirm: (reason) => sendChange('keys.rotate', { params: key, body: { emergency, reason } }),
  })
}
