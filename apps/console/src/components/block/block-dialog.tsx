// The dialog that creates a block.
import { sendChange } from '../../api/changes.ts'
import { confirmWithForm } from '../confirm.ts'
import { TimeField } from '../fields.tsx'
import { showDone } from '../toasts.tsx'
import { text } from '../../texts/text.ts'
import { type Target, TargetField } from './target-field.tsx'

/** @param first - what to block, unless the user chooses something else */
export function openBlockDialog(first: Target = { kind: 'app', id: '' }): void {
  confirmWithForm({ target: first, until: '' }, ({ target, until }, set) => ({
    title: text('word.createBlock'),
    confirmLabel: text('word.createBlock'),
    ...(target.kind === 'everything' ? { danger: true, typeName: text('kill.everythingName') } : {}),
    children: (
      <>
        <TargetField target={target} change={(next) => set({ target: next })} />
        <TimeField
          label={text('word.expires')}
          help={text('blocks.untilHelp')}
          value={until}
          change={(moment) => set({ until: moment })}
        />
      </>
    ),
    async confirm(reason) {
      const { body } = await sendChange('blocks.create', {
        body: {
          kind: target.kind,
          ...(target.kind === 'everything' ? {} : { target: target.id }),
          reason,
          ...(until === '' ? {} : { until }),
        },
      })
      showDone({
        message: text('blocks.setDone', { count: body.tokensRevoked }),
        undo: () =>
          sendChange('blocks.lift', { params: { id: body.id }, reason: text('connection.undoReason') }),
      })
    },
  }))
}
