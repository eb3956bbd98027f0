// A new connection in five steps, then its proof: both ends, what they publish, who and what, until when, and what it
// would mean, before it is made.
import { Button } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

import { PageHeader } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'
import { ConditionsStep } from './new/conditions-step.tsx'
import { DiscoverStep } from './new/discover-step.tsx'
import { EndsStep } from './new/ends-step.tsx'
import { UsersStep } from './new/users-step.tsx'
import { PreviewStep } from './new/preview-step.tsx'
import { ProveStep } from './new/prove-step.tsx'
import { emptyPlan, type Plan, whyNotYet } from './new/plan.ts'
import { FormFoot } from '../../components/form-foot.tsx'

const STEPS = ['ends', 'discover', 'people', 'conditions', 'preview', 'prove'] as const
type Step = (typeof STEPS)[number]

export function Page() {
  const given = useSearch({ strict: false }) as { readonly app?: string; readonly resourceApp?: string }
  const [plan, setPlan] = useState<Plan>(() => emptyPlan(given))
  const [at, setAt] = useState(0)
  const [created, setCreated] = useState<string | undefined>(undefined)
  const heading = useRef<HTMLHeadingElement>(null)
  const moved = useRef(false)
  useEffect(() => {
    // Who works by keyboard or ear is taken along to the next step.
    if (moved.current) heading.current?.focus()
    moved.current = true
  }, [at])
  const step: Step = STEPS[at] ?? 'ends'
  const obstacle = whyNotYet(step, plan)
  return (
    <>
      <PageHeader
        parent={{ to: '/connections', label: text('nav.connections') }}
        title={text('nav.newConnection')}
        lead={text('new.lead')}
      />
      <StepList at={at} />
      <section className="cw-card cw-wizard">
        <h2 ref={heading} tabIndex={-1}>
          {text(`new.step.${step}`)}
        </h2>
        {step === 'ends' ? <EndsStep plan={plan} change={setPlan} /> : null}
        {step === 'discover' ? <DiscoverStep plan={plan} change={setPlan} /> : null}
        {step === 'people' ? <UsersStep plan={plan} change={setPlan} /> : null}
        {step === 'conditions' ? <ConditionsStep plan={plan} change={setPlan} /> : null}
        {step === 'preview' ? (
          <PreviewStep
            plan={plan}
            back={() => setAt(at - 1)}
            created={(id) => {
              setCreated(id)
              setAt(STEPS.indexOf('prove'))
            }}
          />
        ) : null}
        {step === 'prove' && created !== undefined ? <ProveStep id={created} /> : null}
        {step === 'prove' || step === 'preview' ? null : (
          <FormFoot missing={obstacle} label={text('form.continue')} run={() => setAt(at + 1)}>
            {at === 0 ? null : <Button onClick={() => setAt(at - 1)}>{text('form.back')}</Button>}
          </FormFoot>
        )}
      </section>
    </>
  )
}

function StepList({ at }: { readonly at: number }) {
  return (
    <ol className="cw-steps" aria-label={text('new.steps')}>
      {STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? 'step' : undefined} data-done={index < at}>
          <span aria-hidden="true">{index + 1}</span>
          {text(`new.step.${step}`)}
        </li>
      ))}
    </ol>
  )
}
