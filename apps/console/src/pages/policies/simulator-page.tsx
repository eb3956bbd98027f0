// What would be decided, and why, without anybody asking: any person, app and target, by the evaluator of the token
// endpoint. The question stands in the address. A refusal comes with its nearest yes.
import { IconFlask, IconTestPipe } from '@tabler/icons-react'
import { useMemo } from 'react'

import { useApi } from '../../api/queries.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { DecisionPanel } from '../../components/decision/decision-panel.tsx'
import type { Decision } from '../../components/decision/check-groups.ts'
import { ExampleToken } from '../../components/example-token.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { renderYaml } from '../../components/render-yaml.ts'
import { EmptyState, ErrorState, Loading, RefreshProblem } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { text } from '../../texts/text.ts'
import { buildSimulation, buildTest, QUESTION } from './simulation.ts'
import { SimulatorForm } from './simulator-form.tsx'
import './policies.css'

export function Page() {
  const { filters: question, set } = useFilters(QUESTION)
  // Asked anew when the question changes, not as time goes by.
  const input = useMemo(() => buildSimulation(question, Date.now()), [question])
  return (
    <>
      <PageHeader title={text('nav.simulator')} lead={text('simulator.lead')} />
      <div className="cw-simulator">
        <SimulatorForm
          question={question}
          ask={(asked) =>
            set(Object.fromEntries(QUESTION.map((name) => [name, asked[name]?.trim() || undefined])))
          }
        />
        <section aria-label={text('simulator.answer')} aria-live="polite">
          {input === undefined ? (
            <EmptyState icon={<IconFlask size={32} />} title={text('simulator.none')}>
              {text('simulator.noneText')}
            </EmptyState>
          ) : (
            <Answer input={input} />
          )}
        </section>
      </div>
    </>
  )
}

function Answer({ input }: { readonly input: NonNullable<ReturnType<typeof buildSimulation>> }) {
  const query = useApi('simulate', { body: input })
  if (query.data === undefined)
    return query.error === null ? (
      <Loading lines={6} />
    ) : (
      <ErrorState error={query.error} retry={() => void query.refetch()} />
    )
  const decision = query.data.body
  return (
    <>
      <RefreshProblem query={query} />
      <div className="cw-card">
        <DecisionPanel key={decision.decision_id} decision={decision} level={2} />
      </div>
      {decision.token == null ? null : (
        <section className="cw-card cw-simulator-token" aria-label={text('simulator.token')}>
          <h3>{text('simulator.token')}</h3>
          <ExampleToken token={decision.token} />
        </section>
      )}
      <NotSimulated decision={decision} />
      <details className="cw-card cw-simulator-test">
        <summary>
          <IconTestPipe size={16} aria-hidden="true" /> {text('simulator.asTest')}
        </summary>
        <p>{text('simulator.asTestHelp')}</p>
        <CodeBlock label={text('simulator.asTest')} code={renderYaml(buildTest(input, decision))} />
      </details>
    </>
  )
}

/** A simulation answers for this side only, and says so. */
function NotSimulated({ decision }: { readonly decision: Decision }) {
  return (
    <aside className="cw-card cw-simulator-limits">
      <h3>{text('simulator.notSimulated')}</h3>
      <ul>
        <li>{text('simulator.limitAccount', { audience: decision.request.audience ?? '–' })}</li>
        <li>{text('simulator.limitClient')}</li>
      </ul>
    </aside>
  )
}
