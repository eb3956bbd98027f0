// Creates a policy: write it, try it on recent decisions, save it.
import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { FormFooter } from '../../components/form-footer.tsx'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { showDone } from '../../components/toasts.tsx'
import '../../texts/en/policy-tests.ts'
import { text } from '../../texts/text.ts'
import { ReplayReport } from './replay-report.tsx'
import { type Rule, ruleFromTemplate } from './rule.ts'
import { type EditorState, RuleEditor } from './rule-editor.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './policies.css'
import { pathOf } from '../../components/object/object-path.ts'

export function Page() {
  const { template } = useSearch({ strict: false }) as { readonly template?: string }
  const [opened] = useState(() => ruleFromTemplate(template))
  const [rule, setRule] = useState(opened)
  const [editor, setEditor] = useState<EditorState>({ isUnreadable: false })
  const navigate = useNavigate()
  const forbiddenReason = useForbiddenReason()('policies.create')
  const missing = forbiddenReason ?? editor.missing
  const save = () =>
    confirmWithReason({
      title: text('rule.makeTitle', { id: rule.id }),
      confirmLabel: text('word.createPolicy'),
      children: <ReplayReport rule={rule} />,
      async confirm(reason) {
        await sendChange('policies.create', { body: rule, reason })
        showDone({ message: text('rule.made') })
        await navigate({ to: pathOf('policy', rule.id), ignoreBlocker: true })
      },
    })
  return (
    <>
      <PageHeader title={text('word.createPolicy')} lead={text('rule.newLead')} />
      <LeaveGuard changed={rule !== opened || editor.isUnreadable} />
      <RuleEditor rule={rule} change={setRule} report={setEditor} />
      <ReplaySection rule={rule} />
      <FormFooter missing={missing} label={text('word.createPolicy')} run={save}>
        <Button onClick={() => void navigate({ to: '/policies', ignoreBlocker: true })}>
          {text('form.discard')}
        </Button>
      </FormFooter>
    </>
  )
}

/** On demand, since each replay is recorded. Results of an earlier draft are not shown for a changed one. */
export function ReplaySection({ rule }: { readonly rule: Rule }) {
  const [tried, setTried] = useState<Rule | undefined>(undefined)
  return (
    <Section title={text('replay.title')}>
      {tried === rule ? (
        <div className="cw-card">
          <ReplayReport rule={tried} />
        </div>
      ) : (
        <>
          <p className="cw-quiet-text">{text(tried === undefined ? 'replay.help' : 'replay.stale')}</p>
          <Button mt="sm" leftSection={smallIcon(IconHistory)} onClick={() => setTried(rule)}>
            {text('replay.run')}
          </Button>
        </>
      )}
    </Section>
  )
}
