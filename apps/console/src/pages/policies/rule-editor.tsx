// A rule as form and as text side by side: whichever is typed in, the other follows. Below, what the server makes of it.
import { Alert, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useState } from 'react'

import { useApi } from '../../api/queries.ts'
import { detailOf, fieldErrorsOf, kindOf } from '../../api/problem.ts'
import { renderYaml } from '../../components/render-yaml.ts'
import { UnreachableState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { parseRule, type Rule } from './rule.ts'
import { RuleForm } from './rule-form.tsx'

interface EditorProps {
  readonly rule: Rule
  /** Not called for a text that cannot be read */
  readonly change: (rule: Rule) => void
  /** Told what keeps the rule from being saved; the same function each time */
  readonly report: (missing: string | undefined) => void
  readonly fixedId?: string | undefined
}

export function RuleEditor({ rule, change, report, fixedId }: EditorProps) {
  // What is typed stays as typed while it cannot be read, or says the same.
  const [typed, setTyped] = useState<{ readonly source: string; readonly for: Rule } | undefined>(undefined)
  const source = typed?.for === rule ? typed.source : renderYaml(rule)
  const parsed = parseRule(source)
  const { isWrong } = useRuleCheck(rule)
  const missing = findMissing(rule, 'problem' in parsed || isWrong)
  useEffect(() => report(missing), [report, missing])
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
        <section className="cw-card" aria-label={text('rule.text')}>
          <Textarea
            label={text('rule.text')}
            description={text('rule.textHelp')}
            value={source}
            onChange={({ currentTarget: { value } }) => type(value)}
            error={'problem' in parsed ? parsed.problem : undefined}
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

/** What the server makes of a rule, a moment after the last key. */
function useRuleCheck(rule: Rule) {
  const [settled] = useDebouncedValue(rule, 300)
  // An id that is still missing is no reason not to look at the rest.
  const body = { ...settled, id: settled.id === '' ? 'new' : settled.id }
  const query = useApi('policies.check', { body }, { keepPrevious: true })
  const isInvalid = query.error !== null && kindOf(query.error) === 'invalid'
  const problems = isInvalid ? fieldErrorsOf(query.error) : (query.data?.body.problems ?? [])
  return { query, settled, problems, isWrong: isInvalid || problems.length > 0 }
}

/** The sentence, or what is in its way. */
function Verdict({ rule }: { readonly rule: Rule }) {
  const { query, settled, problems, isWrong } = useRuleCheck(rule)
  if ('' in settled.when) return <p className="cw-quiet-text">{text('rule.clauseMissing')}</p>
  if (query.error !== null && !isWrong) return <UnreachableState retry={() => void query.refetch()} />
  if (isWrong)
    return (
      <Alert
        color="red"
        variant="light"
        mt="md"
        title={text('rule.problems')}
        icon={<IconAlertTriangle size={20} aria-hidden="true" />}
      >
        {problems.length === 0 ? <p>{detailOf(query.error)}</p> : null}
        <ul className="cw-plain-list">
          {problems.map(({ path, problem, fix }) => (
            <li key={`${path} ${problem}`}>
              <strong>{path.replace(/^\//, '').replaceAll('/', '.')}</strong> {problem}
              {fix === undefined ? null : ` · ${fix}`}
            </li>
          ))}
        </ul>
      </Alert>
    )
  return (
    <div className="cw-rule-verdict" role="status">
      <p className="cw-quiet-text">{text('rule.says')}</p>
      <p className="cw-rule-sentence">{query.data?.body.sentence}</p>
    </div>
  )
}
