// The request for the simulator: user, app, resource and circumstances. Suggests names that the role may see, but accepts any input, as an app can
// request anything.
import { Button, NativeSelect, NumberInput, Switch, TagsInput, TextInput } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { MAX_OPEN_INPUTS, OPEN_INPUTS } from '@crosswalk/protocol'
import { type FormEvent, useEffect, useState } from 'react'

import type { ResourceApp } from '../../api/objects.ts'
import { ObjectSelect } from '../../components/object/object-select.tsx'
import { text } from '../../texts/text.ts'
import { type Question, splitWords } from '../../components/decision/simulation.ts'
import { CheckboxList, TimeField } from '../../components/fields.tsx'
import { useCompleteList } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

interface FormProps {
  readonly question: Question
  readonly ask: (question: Question) => void
}

/** The choice of an audience that no resource app has */
const OTHER = 'other'

export function SimulatorForm({ question, ask }: FormProps) {
  const [draft, setDraft] = useState(question)
  // The URL may change by the back button or a link. Fields are not remounted, so that the focus stays.
  useEffect(() => setDraft(question), [question])
  const set = (change: Question) => setDraft((before) => ({ ...before, ...change }))
  function submit(event: FormEvent): void {
    event.preventDefault()
    ask(draft)
  }
  return (
    <form className="cw-card cw-simulator-form" onSubmit={submit}>
      <WhoFields draft={draft} set={set} />
      <WhereFields draft={draft} set={set} />
      <details className="cw-simulator-more" open={hasCircumstances(question)}>
        <summary>{text('simulator.circumstances')}</summary>
        <CircumstanceFields draft={draft} set={set} />
      </details>
      <Button type="submit" variant="filled" fullWidth leftSection={smallIcon(IconPlayerPlay)}>
        {text('connection.simulate')}
      </Button>
    </form>
  )
}

interface FieldsProps {
  readonly draft: Question
  readonly set: (change: Question) => void
}

function hasCircumstances({ at, age, acr, dpop, ip, actor, via, unknown }: Question): boolean {
  return [at, age, acr, dpop, ip, actor, via, unknown].some((value) => value !== undefined)
}

function WhoFields({ draft, set }: FieldsProps) {
  return (
    <>
      <ObjectSelect
        of="users"
        label={text('word.user')}
        description={text('simulator.userHelp')}
        value={draft.user}
        change={(user) => set({ user: user ?? '' })}
        required
      />
      <ObjectSelect
        of="apps"
        label={text('word.requestingApp')}
        description={text('simulator.appHelp')}
        value={draft.app}
        change={(app) => set({ app: app ?? '' })}
        allowOther
        required
      />
    </>
  )
}

function WhereFields({ draft, set }: FieldsProps) {
  const known = useCompleteList('resource-apps.list', {}, { enabled: useCan()('resource-apps.list') })
  const targets = known.items.flatMap(listTargets)
  const { audience = '', resource = '' } = draft
  const chosen = targets.find((target) => target.audience === audience && target.resource === resource)
  const [typesAudience, setTypesAudience] = useState(false)
  const isOther = targets.length === 0 || typesAudience || (audience !== '' && chosen === undefined)
  const scopes = chosen?.scopes ?? [...new Set(targets.flatMap((target) => target.scopes))]
  return (
    <>
      {targets.length === 0 ? null : (
        <NativeSelect
          label={text('word.resourceApp')}
          description={text('new.resourceAppHelp')}
          data={[
            { value: '', label: text('simulator.pickTarget') },
            ...targets.map(({ label }, index) => ({ value: String(index), label })),
            { value: OTHER, label: text('simulator.otherTarget') },
          ]}
          value={isOther ? OTHER : chosen === undefined ? '' : String(targets.indexOf(chosen))}
          onChange={({ currentTarget: { value } }) => {
            setTypesAudience(value === OTHER)
            const picked = value === '' ? undefined : targets[Number(value)]
            set({ audience: picked?.audience ?? '', resource: picked?.resource ?? '' })
          }}
          required
        />
      )}
      {isOther ? (
        <>
          <TextInput
            label={text('word.audience')}
            description={text('simulator.audienceHelp')}
            value={audience}
            onChange={({ currentTarget: { value } }) => set({ audience: value })}
            spellCheck={false}
            required
          />
          <TextInput
            label={text('word.resource')}
            description={text('simulator.resourceHelp')}
            value={resource}
            onChange={({ currentTarget: { value } }) => set({ resource: value })}
            spellCheck={false}
          />
        </>
      ) : null}
      <TagsInput
        label={text('decision.scope')}
        description={text('simulator.scopeHelp')}
        data={scopes}
        value={splitWords(draft.scope)}
        onChange={(chosenScopes) => set({ scope: chosenScopes.join(' ') })}
      />
    </>
  )
}

/** One option per resource; a resource app without resources is requested by audience only. */
function listTargets({ name, issuer, resources }: ResourceApp) {
  if (resources.length === 0)
    return [{ label: name, audience: issuer, resource: '', scopes: [] as readonly string[] }]
  return resources.map(({ id, scopes }) => ({
    label: resources.length === 1 ? name : `${name} · ${id}`,
    audience: issuer,
    resource: id,
    scopes: scopes as readonly string[],
  }))
}

const TYPED = ['acr', 'ip', 'actor', 'via', 'viaScope'] as const

function CircumstanceFields({ draft, set }: FieldsProps) {
  const unknown = splitWords(draft.unknown)
  return (
    <>
      <TimeField
        label={text('simulator.at')}
        help={text('simulator.atHelp')}
        value={draft.at}
        change={(at) => set({ at })}
      />
      <NumberInput
        label={text('simulator.age')}
        description={text('simulator.ageHelp')}
        min={0}
        value={draft.age === undefined || draft.age === '' ? '' : Number(draft.age)}
        onChange={(value) => set({ age: String(value) })}
      />
      {TYPED.map((name) => (
        <TextInput
          key={name}
          label={text(`simulator.${name}`)}
          description={text(`simulator.${name}Help`)}
          value={draft[name] ?? ''}
          onChange={({ currentTarget: { value } }) => set({ [name]: value })}
        />
      ))}
      <Switch
        mt="sm"
        label={text('simulator.dpop')}
        checked={draft.dpop === 'true'}
        onChange={({ currentTarget: { checked } }) => set({ dpop: checked ? 'true' : '' })}
      />
      <CheckboxList
        label={text('simulator.unknown')}
        description={text('simulator.unknownHelp')}
        choices={OPEN_INPUTS.map((name) => ({
          value: name,
          label: text(`simulator.open.${name}`),
          disabled: !unknown.includes(name) && unknown.length >= MAX_OPEN_INPUTS,
        }))}
        value={unknown}
        change={(names) => set({ unknown: names.join(' ') })}
      />
    </>
  )
}
