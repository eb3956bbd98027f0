// Buttons for a remedy: apply its calls after a reason is given, or try the changed request in the simulator.
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { questionOf } from './simulation.ts'
import { text } from '../../texts/text.ts'
import { queryClient } from '../../api/query-client.ts'
import { useWhyNot } from '../actions.tsx'
import { askWith } from '../ask-reason.ts'
import { EndField, inThirtyDays } from '../end-field.tsx'
import type { Decision } from './check-groups.ts'
import { readActs, type RemedyAct, runActs, takesUntil } from './remedy-acts.ts'

type Remedy = Decision['remedies'][number]

/** Renders nothing if part of the remedy is an edit of the configuration file. */
export function ApplyRemedy({ remedy }: { readonly remedy: Remedy }) {
  const whyNot = useWhyNot()
  const acts = remedy.api === undefined || remedy.edits !== undefined ? undefined : readActs(remedy.api)
  if (acts === undefined) return null
  const why = acts.map(({ route }) => whyNot(route)).find((one) => one !== undefined)
  return (
    <Button
      size="compact-sm"
      disabled={why !== undefined}
      title={why}
      onClick={() => askToApply(remedy.text, acts)}
    >
      {text('remedy.apply')}
    </Button>
  )
}

function askToApply(sentence: string, acts: readonly RemedyAct[]): void {
  askWith({ until: inThirtyDays() }, ({ until }, set) => ({
    title: text('remedy.applyTitle'),
    confirmLabel: text('remedy.applyNow'),
    done: text('remedy.applied'),
    children: (
      <>
        <p>{sentence}</p>
        {acts.some(({ route }) => takesUntil(route)) ? (
          <EndField value={until} change={(moment) => set({ until: moment })} />
        ) : null}
      </>
    ),
    async confirm(reason) {
      await runActs(acts, reason, until)
      await queryClient.invalidateQueries()
    },
  }))
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
