// Edits a policy as form and text side by side, kept in sync. The server's verdict is below.
import { Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'

import { useApi } from '../../api/queries.ts'
import { detailOf, fieldErrorsOf, kindOf } from '../../api/problem.ts'
import { renderYaml } from '../../components/render-yaml.ts'
import { ErrorState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { PolicyFindings } from './policy-findings.tsx'
import { parseRule, type Rule } from './rule.ts'
import { RuleForm } from './rule-form.tsx'
import { RuleProblems } from './rule-problems.tsx'

export interface EditorState {
  /** The problem that prevents saving */
  readonly missing?: string | undefined
  /** The text is not a policy, so only the editor holds it */
  readonly isUnreadable: boolean
}

interface EditorProps {
  readonly rule: Rule
  /** Not called while the text is invalid */
  readonly change: (rule: Rule) => void
  /** Must be a stable function */
  readonly report: (state: EditorState) => void
  readonly fixedId?: string | undefined
}

export function RuleEditor({ rule, change, report, fixedId }: EditorProps) {
  // Keeps the typed text while it is invalid or equivalent.
  const [typed, setTyped] = useState<{ readonly source: string; readonly for: Rule } | undefined>(undefined)
  const source = typed?.for === rule ? typed.source : renderYaml(rule)
  const parsed = parseRule(source)
  const { isWrong } = useRuleCheck(rule)
  const isUnreadable = 'problem' in parsed
  const missing = findMissing(rule, isUnreadable || isWrong)
  useEffect(() => report({ missing, isUnreadable }), [report, missing, isUnreadable])
  function type(next: string): void {
    const result = parseRule(next)
    const nextRule = 'rule' in result ? withId(result.rule, fixedId) : rule
    setTyped({ source: next, for: nextRule })
    if ('rule' in result) change(nextRule)
  }
  return (
    <div className="cw-rule-editor">
      <div className="cw-two">
        <section className="cw-card" aria-label={text('rule.form')}>
          <RuleForm rule={rule} change={change} fixedId={fixedId} />
        </section>
        <section className="cw-card" aria-label={text('word.yaml')}>
          <Textarea
            label={text('word.yaml')}
            description={text('rule.textHelp')}
            value={source}
            onChange={({ currentTarget: { value } }) => type(value)}
            error={isUnreadable ? parsed.problem : undefined}
            autosize
            minRows={12}
            spellCheck={false}
          />
          <Verdict rule={rule} />
        </section>
      </div>
    </div>
  )
}

function findMissing(rule: Rule, hasProblems: boolean): string | undefined {
  if (rule.id === '') return text('rule.idMissing')
  if ('' in rule.when) return text('rule.clauseMissing')
  return hasProblems ? text('rule.problemsLeft') : undefined
}

function withId(rule: Rule, id: string | undefined): Rule {
  return id === undefined ? rule : { ...rule, id }
}

/** The server's verdict on a policy, shortly after the last keystroke. */
function useRuleCheck(rule: Rule) {
  const [settled] = useDebouncedValue(rule, 300)
  // Check the rest even if the id is still missing.
  const body = { ...settled, id: settled.id === '' ? 'new' : settled.id }
  const query = useApi('policies.check', { body }, { keepPrevious: true })
  const isInvalid = query.error !== null && kindOf(query.error) === 'invalid'
  const problems = isInvalid ? fieldErrorsOf(query.error) : (query.data?.body.problems ?? [])
  return { query, settled, problems, isWrong: isInvalid || problems.length > 0 }
}

/** The generated sentence, or the problems. */
function Verdict({ rule }: { readonly rule: Rule }) {
  const { query, settled, problems, isWrong } = useRuleCheck(rule)
  if ('' in settled.when) return <p className="cw-quiet-text">{text('rule.clauseMissing')}</p>
  if (query.error !== null && !isWrong)
    return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (isWrong) return <RuleProblems problems={problems} detail={detailOf(query.error)} />
  return (
    <div className="cw-rule-verdict" role="status">
      <p className="cw-quiet-text">{text('rule.says')}</p>
      <p className="cw-rule-sentence">{query.data?.body.sentence}</p>
      <PolicyFindings findings={query.data?.body.findings ?? []} />
    </div>
  )
}
