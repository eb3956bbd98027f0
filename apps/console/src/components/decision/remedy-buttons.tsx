// Buttons for a remedy: apply its calls after a reason is given, or try the changed request in the simulator.
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { questionOf } from './simulation.ts'
import { text } from '../../texts/text.ts'
import { useWhyNot } from '../actions.tsx'
import { EndField, inThirtyDays } from '../end-field.tsx'
import { ReasonDialog } from '../reason-dialog.tsx'
import { showDone } from '../toasts.tsx'
import type { Decision } from './check-groups.ts'
import { readActs, type RemedyAct, runActs, takesUntil } from './remedy-acts.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'
import { useDialog } from '../../hooks/use-dialog.ts'

type Remedy = Decision['remedies'][number]

/** Renders nothing if part of the remedy is an edit of the configuration file. */
export function ApplyRemedy({ remedy }: { readonly remedy: Remedy }) {
  const opened = useDialog()
  const whyNot = useWhyNot()
  const acts = remedy.api === undefined || remedy.edits !== undefined ? undefined : readActs(remedy.api)
  if (acts === undefined) return null
  const why = acts.map(({ route }) => whyNot(route)).find((one) => one !== undefined)
  return (
    <>
      <Button size="compact-sm" disabled={why !== undefined} title={why} onClick={opened.open}>
        {text('remedy.apply')}
      </Button>
      <ApplyDialog remedy={remedy} acts={acts} {...opened.props} />
    </>
  )
}

interface ApplyDialogProps extends DialogProps {
  readonly remedy: Remedy
  readonly acts: readonly RemedyAct[]
}

function ApplyDialog({ remedy, acts, opened, close }: ApplyDialogProps) {
  const queries = useQueryClient()
  const [until, setUntil] = useState(inThirtyDays)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('remedy.applyTitle')}
      confirmLabel={text('remedy.applyNow')}
      confirm={async (reason) => {
        await runActs(acts, reason ?? '', until)
        showDone({ message: text('remedy.applied') })
        await queries.invalidateQueries()
      }}
    >
      <p>{remedy.text}</p>
      {acts.some(({ route }) => takesUntil(route)) ? <EndField value={until} change={setUntil} /> : null}
    </ReasonDialog>
  )
}

/** The same request with the changes of the remedy. */
export function TryRemedy({ decision, remedy }: { readonly decision: Decision; readonly remedy: Remedy }) {
  const question = questionOf(decision)
  if (remedy.ask === undefined || question === undefined) return null
  const { dpop, authTime, tokenIssuedAt: _, ...asked } = remedy.ask
  const search = {
    ...question,
    ...asked,
    ...(dpop === true ? { dpop: 'true' } : {}),
    ...(authTime === undefined ? {} : { age: '0' }),
  }
  return (
    <Link to="/simulator" search={search} className="cw-remedy-link">
      {text('remedy.try')}
    </Link>
  )
}
