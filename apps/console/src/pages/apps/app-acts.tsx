// Dialogs for suspending and resuming an app.
import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { App } from './app-state.ts'

interface AppActsProps {
  readonly app: App
  readonly open: string | undefined
  readonly close: () => void
}

export function AppActs({ app: { id, name }, open, close }: AppActsProps) {
  const suspend = useChange('apps.suspend')
  const resume = useChange('apps.resume')
  const call = (reason: string | undefined) => ({ params: { id }, body: {}, reason })
  return (
    <>
      <ReasonDialog
        opened={open === 'suspend'}
        close={close}
        danger
        title={text('user.suspendTitle', { name })}
        confirmLabel={text('connection.suspend')}
        confirm={async (reason) => {
          const { body } = await suspend.mutateAsync(call(reason))
          showDone({ message: text('app.suspended', { name, count: body.revokedTokens }) })
        }}
        help={text('app.suspendHelp')}
      />
      <ReasonDialog
        opened={open === 'resume'}
        close={close}
        title={`${text('connection.resume')} · ${name}`}
        confirmLabel={text('connection.resume')}
        done={text('app.resumed', { name })}
        confirm={(reason) => resume.mutateAsync(call(reason))}
        help={text('app.resumeHelp')}
      />
    </>
  )
}
