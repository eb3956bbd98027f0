// Evaluates a hypothetical request of any user, app and resource with the token endpoint's evaluator. The request is in the URL. A denial shows what
// would allow it.
import { IconFlask, IconTestPipe } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useMemo } from 'react'

import { useApi } from '../../api/queries.ts'
import { OutcomeChip, Token, Tokens } from '../../components/chips.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { DecisionPanel } from '../../components/decision/decision-panel.tsx'
import { ExampleToken } from '../../components/example-token.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { renderYaml } from '../../components/render-yaml.ts'
import { EmptyState, Loaded, Loading } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { text } from '../../texts/text.ts'
import { buildSimulation, buildTest, QUESTION } from '../../components/decision/simulation.ts'
import { SimulatorForm } from './simulator-form.tsx'
import { SimulatorMatrix } from './simulator-matrix.tsx'
import './policies.css'

export function Page() {
  const { filters: question, set } = useFilters(QUESTION)
  // Evaluated again when the request changes, not as time passes.
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
      <SimulatorMatrix />
    </>
  )
}

interface AnswerProps {
  readonly input: NonNullable<ReturnType<typeof buildSimulation>>
}

function Answer({ input }: AnswerProps) {
  const query = useApi('simulate', { body: input })
  return (
    <Loaded query={query} skeleton={<Loading lines={6} />}>
      {({ body }) => <Simulated input={input} decision={body} />}
    </Loaded>
  )
}

interface SimulatedProps extends AnswerProps {
  readonly decision: AnswerTo<'simulate'>
}

function Simulated({ input, decision }: SimulatedProps) {
  return (
    <>
      <Branches branches={decision.branches} />
      <div className="cw-card">
        <DecisionPanel key={decision.decision_id} decision={decision} level={2} />
      </div>
      <NearestDenial items={decision.nearestNo ?? []} />
      {decision.token === undefined || decision.token === null ? null : (
        <section className="cw-card cw-simulator-token" aria-label={text('simulator.token')}>
          <h3>{text('simulator.token')}</h3>
          <ExampleToken token={decision.token} />
        </section>
      )}
      <NotSimulated items={decision.notSimulated} />
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

/** If something is unknown, shows every case, so that one is not mistaken for all. */
function Branches({ branches }: Pick<AnswerTo<'simulate'>, 'branches'>) {
  if (branches === undefined) return null
  const title = text(branches.length === 1 ? 'simulator.dependsNot' : 'simulator.depends')
  return (
    <section className="cw-card cw-simulator-depends" aria-label={title}>
      <h2>{title}</h2>
      <ul className="cw-plain-list">
        {branches.map(({ when, outcome, code, scopes, text: why }) => {
          const holds = when.map((one) => one.text).join(' and ')
          return (
            <li key={holds}>
              <p>{holds === '' ? text('simulator.whatever') : text('simulator.if', { what: holds })}</p>
              <p className="cw-title-row">
                <OutcomeChip outcome={outcome} narrowed={code === 'XAA0001'} />
                <Token>{code}</Token>
                {scopes.length === 0 ? why : <Tokens items={scopes} />}
              </p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The conditions of a grant, each of which would end it. */
function NearestDenial({ items }: { readonly items: NonNullable<AnswerTo<'simulate'>['nearestNo']> }) {
  if (items.length === 0) return null
  return (
    <section className="cw-card cw-simulator-keeps" aria-label={text('simulator.keeps')}>
      <h3>{text('simulator.keeps')}</h3>
      <ul className="cw-plain-list">
        {items.map(({ text: sentence, outcome, code }) => (
          <li key={sentence} className="cw-title-row">
            <OutcomeChip outcome={outcome} narrowed={false} />
            <Token>{code}</Token>
            {text('simulator.if', { what: sentence })}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Notes that a simulation covers only this side. */
function NotSimulated({ items }: { readonly items: AnswerTo<'simulate'>['notSimulated'] }) {
  return (
    <aside className="cw-card cw-simulator-limits">
      <h3>{text('simulator.notSimulated')}</h3>
      <ul>
        {items.map(({ about, text: sentence }) => (
          <li key={about}>{sentence}</li>
        ))}
      </ul>
    </aside>
  )
}
