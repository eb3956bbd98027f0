// A wizard for a new connection: apps, metadata, users and scopes, conditions, preview. The step is in the URL, so that the back button goes to
// the previous one.
import { Button } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'
import { ConditionsStep } from './new/conditions-step.tsx'
import { DiscoverStep } from './new/discover-step.tsx'
import { AppsStep } from './new/apps-step.tsx'
import { UsersStep } from './new/users-step.tsx'
import { PreviewStep } from './new/preview-step.tsx'
import { emptyPlan, type Plan, STEPS, findStep, findMissingInput, hasInput } from './new/plan.ts'
import { FormFooter } from '../../components/form-footer.tsx'

interface SearchParams {
  readonly app?: string
  readonly resourceApp?: string
  readonly step?: string
}

export function Page() {
  const search = useSearch({ strict: false }) as SearchParams
  const navigate = useNavigate()
  const [opened] = useState<Plan>(() => emptyPlan(search))
  const [plan, setPlan] = useState(opened)
  const at = findStep(search.step, plan)
  const goTo = (next: number) =>
    void navigate({ to: '.', search: (previous: object) => ({ ...previous, step: STEPS[next] }) })
  const heading = useRef<HTMLHeadingElement>(null)
  const moved = useRef(false)
  useEffect(() => {
    // Move the focus to the next step, for keyboard and screen reader users.
    if (moved.current) heading.current?.focus()
    moved.current = true
  }, [at])
  const step = STEPS[at] ?? 'apps'
  const obstacle = findMissingInput(step, plan)
  return (
    <>
      <PageHeader title={text('nav.newConnection')} lead={text('new.lead')} />
      <LeaveGuard changed={at > 0 || hasInput(plan, opened)} />
      <StepList at={at} />
      <section className="cw-card cw-wizard">
        <h2 ref={heading} tabIndex={-1}>
          {text(`new.step.${step}`)}
        </h2>
        {step === 'apps' ? <AppsStep plan={plan} change={setPlan} /> : null}
        {step === 'discover' ? <DiscoverStep plan={plan} change={setPlan} /> : null}
        {step === 'users' ? <UsersStep plan={plan} change={setPlan} /> : null}
        {step === 'conditions' ? <ConditionsStep plan={plan} change={setPlan} /> : null}
        {step === 'preview' ? (
          <PreviewStep plan={plan} change={setPlan} back={() => goTo(at - 1)} />
        ) : (
          <FormFooter missing={obstacle} label={text('form.continue')} run={() => goTo(at + 1)}>
            {at === 0 ? null : <Button onClick={() => goTo(at - 1)}>{text('form.back')}</Button>}
          </FormFooter>
        )}
      </section>
    </>
  )
}

function StepList({ at }: { readonly at: number }) {
  return (
    <ol className="cw-steps" aria-label={text('word.steps')}>
      {STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? 'step' : undefined} data-done={index < at}>
          <span aria-hidden="true">{index + 1}</span>
          {text(`new.step.${step}`)}
        </li>
      ))}
    </ol>
  )
}
