// Changes a policy's state to enforced, report-only or off, after showing the effect.
import type { Policy } from '../../api/objects.ts'
import { sendChange } from '../../api/changes.ts'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import { ReplayReport } from './replay-report.tsx'
import { confirmWithReason } from '../../components/confirm.ts'

export function confirmPolicyState(policy: Policy, etag: string, to: Policy['state']): void {
  const { id, state: before } = policy
  const turn = (state: Policy['state'], ifMatch: string, reason: string) =>
    sendChange('policies.change', { params: { id }, ifMatch, body: { state }, reason })
  confirmWithReason({
    title: text('rule.turnTitle', { id, state: text(`chip.${to}`) }),
    confirmLabel: text(`rule.turn.${to}`),
    children: <ReplayReport rule={{ ...pickDefinition('policies', policy), state: to }} />,
    async confirm(reason) {
      const done = await turn(to, etag, reason)
      showDone({
        message: text('rule.turned', { id, state: text(`chip.${to}`) }),
        undo: () => turn(before, done.etag ?? '', text('connection.undoReason')),
      })
    },
  })
}
