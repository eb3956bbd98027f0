// Policy tests: who may do what, run against the policies in force, and saved to guard every change.
import { MAX_PAGE } from '@crosswalk/admin-api'
import { Button, Textarea } from '@mantine/core'
import { IconDeviceFloppy, IconPlayerPlay } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { parse } from 'yaml'

import { adminApi } from '../../api/client.ts'
import { ChangeProblem } from '../../components/change-problem.tsx'
import { Tokens } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { LeaveGuard, useLossQuestion } from '../../components/leave-guard.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { renderYaml } from '../../components/render-yaml.ts'
import { EmptyState, Loading } from '../../components/states.tsx'
import '../../texts/en/policy-tests.ts'
import { text } from '../../texts/text.ts'
import { confirmSaveSuite, SavedSuites, type Suite } from './saved-suites.tsx'
import { buildStarter } from './starter-suite.ts'
import { type Report, TestResults } from './test-results.tsx'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import './policies.css'

export function Page() {
  const starter = useStarter()
  const [typed, setTyped] = useState<string | undefined>(undefined)
  const [kept, setKept] = useState<string | undefined>(undefined)
  const [unreadable, setUnreadable] = useState<string | undefined>(undefined)
  const run = useMutation({
    mutationFn: async (suite: Suite) => (await adminApi.call('policies.test', { body: suite })).body,
  })
  const source = typed ?? starter
  const isChanged = typed !== undefined && typed !== kept
  const { ask, question } = useLossQuestion()
  /** @param next - undefined for the starter */
  function replace(next: string | undefined): void {
    setTyped(next)
    setKept(next)
  }
  function tryReplace(next: string | undefined): void {
    if (isChanged) ask(() => replace(next))
    else replace(next)
  }
  function withSuite(use: (suite: Suite) => void): void {
    setUnreadable(undefined)
    try {
      use(parse(source) as Suite)
    } catch (error) {
      setUnreadable(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
    }
  }
  return (
    <>
      <PageHeader
        title={text('nav.policyTests')}
        lead={text('suite.lead')}
        actions={[
          {
            label: text('suite.run'),
            icon: smallIcon(IconPlayerPlay),
            keys: 'r',
            needs: 'policies.test',
            button: { variant: 'filled' },
            run: () => withSuite((suite) => run.mutate(suite)),
          },
          {
            label: text('suite.keep'),
            icon: smallIcon(IconDeviceFloppy),
            needs: 'policy-suites.create',
            run: () => withSuite((suite) => confirmSaveSuite(suite, () => setKept(source))),
          },
        ]}
      />
      <LeaveGuard changed={isChanged} />
      {question}
      <div className="cw-two">
        <SuiteEditor
          value={source}
          error={unreadable}
          change={setTyped}
          startOver={typed === undefined ? undefined : () => tryReplace(undefined)}
        />
        <section aria-label={text('suite.results')} aria-live="polite" aria-busy={run.isPending}>
          {run.isError ? <ChangeProblem error={run.error} /> : null}
          {run.isIdle ? (
            <EmptyState title={text('suite.notRun')}>{text('suite.notRunText')}</EmptyState>
          ) : null}
          {run.isPending ? <Loading /> : null}
          {run.isSuccess ? <Results report={run.data} /> : null}
        </section>
      </div>
      <SavedSuites open={(suite) => tryReplace(renderYaml(suite))} />
    </>
  )
}

/** A suite about some of the connections and users, to start from. */
function useStarter(): string {
  const connections = useApiIfAllowed('connections.list', { query: { limit: 50, status: 'active' } })
  const users = useApiIfAllowed('users.list', { query: { limit: MAX_PAGE } })
  return renderYaml(buildStarter(connections.data?.body.items ?? [], users.data?.body.items ?? []))
}

interface SuiteEditorProps {
  readonly value: string
  readonly error: string | undefined
  readonly change: (value: string) => void
  /** Undefined if this is the starter */
  readonly startOver: (() => void) | undefined
}

function SuiteEditor({ value, error, change, startOver }: SuiteEditorProps) {
  return (
    <section className="cw-card cw-rule-editor">
      <Textarea
        label={text('suite.text')}
        description={text('suite.textHelp')}
        value={value}
        error={error}
        onChange={({ currentTarget }) => change(currentTarget.value)}
        autosize
        minRows={14}
        maxRows={32}
        spellCheck={false}
      />
      {startOver === undefined ? null : (
        <Button mt="sm" onClick={startOver}>
          {text('suite.starter')}
        </Button>
      )}
    </section>
  )
}

function Results({ report }: { readonly report: Report }) {
  return (
    <>
      <TestResults report={report} />
      <Section title={text('suite.coverage')}>
        <div className="cw-card">
          <Facts
            facts={[
              [text('word.policies'), <Tokens items={report.policies.missed} />],
              [text('word.connections'), <Tokens items={report.connections.missed} />],
              [text('suite.codes'), <Tokens items={report.codes} />],
            ]}
          />
        </div>
      </Section>
    </>
  )
}
