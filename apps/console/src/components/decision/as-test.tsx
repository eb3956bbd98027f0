// A recorded decision as a policy test: the same question, expecting what was answered, so that no change of it goes unnoticed.
import { Link } from '@tanstack/react-router'

import { buildSimulation, buildTest, questionOf } from './simulation.ts'
import { text } from '../../texts/text.ts'
import { CodeBlock } from '../code-block.tsx'
import { renderYaml } from '../render-yaml.ts'
import type { Decision } from './check-groups.ts'

export function canBeTest(decision: Decision): boolean {
  return decision.mode === 'enforced' && questionOf(decision) !== undefined
}

export function AsTest({ decision }: { readonly decision: Decision }) {
  const question = questionOf(decision)
  // The sign-in time is left out: a saved test runs again and again.
  const input = question === undefined ? undefined : buildSimulation(question, Date.parse(decision.time))
  if (input === undefined) return null
  return (
    <>
      <p className="cw-quiet-text">{text('simulator.asTestHelp')}</p>
      <CodeBlock
        label={text('simulator.asTest')}
        code={renderYaml(buildTest(input, decision, 'from-decisions'))}
      />
      <p>
        <Link to="/policy-tests">{text('decision.openTests')}</Link>
      </p>
    </>
  )
}
