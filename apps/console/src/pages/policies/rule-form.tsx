// The form of a policy: conditions and effect.
import { ActionIcon, Autocomplete, Button, NativeSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useRef, useState } from 'react'

import { useApi } from '../../api/queries.ts'
import { text } from '../../texts/text.ts'
import { changeClause, removeClause, type Rule, valuesOf, withEffect } from './rule.ts'
import { withMember } from '../../components/with-member.ts'
import { choicesOf } from '../../components/choices.ts'
import { nameOfState } from '../../components/chips.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'

interface FormProps {
  readonly rule: Rule
  readonly change: (rule: Rule) => void
  /** Undefined for a new policy, whose id can be chosen */
  readonly fixedId?: string | undefined
}

export function RuleForm({ rule, change, fixedId }: FormProps) {
  return (
    <Stack gap="md">
      {fixedId === undefined ? (
        <TextInput
          label={text('word.id')}
          description={text('rule.idHelp')}
          value={rule.id}
          onChange={({ currentTarget: { value } }) => change({ ...rule, id: value })}
          spellCheck={false}
          required
        />
      ) : null}
      <TextInput
        label={text('word.purpose')}
        // The button that opened the form is gone.
        autoFocus={fixedId !== undefined}
        description={text('rule.descriptionHelp')}
        value={rule.description ?? ''}
        onChange={({ currentTarget }) => change(withMember(rule, 'description', currentTarget.value))}
      />
      <Clauses rule={rule} change={change} />
      <NativeSelect
        label={text('rule.effect')}
        data={choicesOf(['deny', 'require', 'limit'], (effect) => text(`rule.effect.${effect}`))}
        value={rule.effect}
        onChange={({ currentTarget: { value } }) => change(withEffect(rule, value as Rule['effect']))}
      />
      {rule.effect === 'require' ? (
        <Fields
          fields={REQUIRE}
          draft={rule.require ?? {}}
          change={(require) => change({ ...rule, require })}
        />
      ) : null}
      {rule.effect === 'limit' ? (
        <Fields fields={LIMIT} draft={rule.limit ?? {}} change={(limit) => change({ ...rule, limit })} />
      ) : null}
      <NativeSelect
        label={text('word.state')}
        description={text('rule.stateHelp')}
        data={choicesOf(['enforced', 'report-only', 'off'], nameOfState)}
        value={rule.state}
        onChange={({ currentTarget: { value } }) => change({ ...rule, state: value as Rule['state'] })}
      />
    </Stack>
  )
}

function Clauses({ rule, change }: FormProps) {
  const known = useApi('policies.clauses', {}).data?.body.items ?? []
  const entries = Object.entries(rule.when)
  const add = useRef<HTMLButtonElement>(null)
  function remove(at: number): void {
    change(removeClause(rule, at))
    // Once it is enabled again. The button that had the focus is gone.
    setTimeout(() => add.current?.focus())
  }
  return (
    <fieldset className="cw-fieldset">
      <legend>{text('word.conditions')}</legend>
      <p className="cw-quiet-text">{text('rule.whenHelp')}</p>
      <Stack gap="sm">
        {entries.map(([name, value], at) => {
          const clause = known.find((one) => one.name === name)
          return (
            <div key={at}>
              <div className="cw-clause-row">
                <ClauseName
                  name={name}
                  taken={entries.filter((_, other) => other !== at).map(([other]) => other)}
                  known={known}
                  change={(next) => change(changeClause(rule, at, next, valuesOf(value)))}
                />
                <TagsInput
                  label={text('rule.anyOf')}
                  splitChars={[]}
                  value={valuesOf(value)}
                  onChange={(values) => change(changeClause(rule, at, name, values))}
                />
                <ActionIcon
                  color="gray"
                  aria-label={text('rule.removeClause', { name })}
                  onClick={() => remove(at)}
                >
                  <IconTrash size={18} aria-hidden="true" />
                </ActionIcon>
              </div>
              {clause === undefined ? null : (
                <p className="cw-quiet-text cw-clause-help">
                  {clause.meaning} {text('rule.example', { example: clause.example })}
                </p>
              )}
            </div>
          )
        })}
        <Button
          ref={add}
          className="cw-clause-add"
          leftSection={smallIcon(IconPlus)}
          disabled={'' in rule.when}
          onClick={() => change({ ...rule, when: { ...rule.when, '': '' } })}
        >
          {text('rule.addClause')}
        </Button>
      </Stack>
    </fieldset>
  )
}

interface KnownClause {
  readonly name: string
  readonly meaning: string
}

interface ClauseNameProps {
  readonly name: string
  /** Names of the other conditions, whose values must not be lost while a longer name is typed */
  readonly taken: readonly string[]
  readonly known: readonly KnownClause[]
  readonly change: (name: string) => void
}

function ClauseName({ name, taken, known, change }: ClauseNameProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined)
  return (
    <Autocomplete
      label={text('rule.clause')}
      // An added condition; its button may be disabled now.
      autoFocus={name === ''}
      data={known.map((one) => one.name)}
      // Wider than the field, which has no room for the explanations.
      comboboxProps={{ width: 'min(24rem, 85vw)', position: 'bottom-start' }}
      renderOption={({ option }) => <ClauseOption clause={known.find((one) => one.name === option.value)} />}
      value={typed ?? name}
      error={typed === undefined ? undefined : text('rule.clauseTwice')}
      onChange={(next) => {
        const isTaken = taken.includes(next)
        setTyped(isTaken ? next : undefined)
        if (!isTaken) change(next)
      }}
    />
  )
}

interface ClauseOptionProps {
  readonly clause: KnownClause | undefined
}

/** Clauses have their names in the configuration file, with an explanation. */
function ClauseOption({ clause }: ClauseOptionProps) {
  return (
    <span>
      <code>{clause?.name}</code> <span className="cw-quiet-text">{clause?.meaning}</span>
    </span>
  )
}

type Require = NonNullable<Rule['require']>
type Limit = NonNullable<Rule['limit']>

const REQUIRE: readonly FormField<Require>[] = [
  {
    kind: 'tags',
    name: 'acr',
    label: 'rule.acr',
    help: 'edit.acrHelp',
    suggestions: ['mfa', 'pwd'],
    optional: true,
  },
  { kind: 'number', name: 'maxAuthAgeSeconds', label: 'edit.maxAgeHours', unit: 3600, optional: true },
  { kind: 'switch', name: 'dpop', label: 'edit.dpop', optional: true },
]

const LIMIT: readonly FormField<Limit>[] = [
  { kind: 'tags', name: 'scopes', label: 'rule.scopes', optional: true },
  { kind: 'number', name: 'idJagTtlSeconds', label: 'rule.ttl', min: 1, max: 300, optional: true },
  { kind: 'number', name: 'perHour', label: 'rule.perHour', min: 1, optional: true },
]
