// The stored test suites, which block breaking changes. Each can be viewed and deleted.
import { Button } from '@mantine/core'
import type { AnswerTo, CallTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import { useApi } from '../../api/queries.ts'
import { useChange } from '../../api/changes.ts'
import { OwnerChip } from '../../components/chips.tsx'
import { Section } from '../../components/page-header.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { Loaded } from '../../components/states.tsx'
import { showDone } from '../../components/toasts.tsx'
import { useCan } from '../../session/session.tsx'
import '../../texts/en/policy-tests.ts'
import { countText, text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import { useIfAllowed } from '../../session/use-if-allowed.ts'

export type Suite = CallTo<'policies.test'>['body']
type KeptSuite = AnswerTo<'policy-suites.list'>['items'][number]

export function KeptSuites({ open }: { readonly open: (suite: Suite) => void }) {
  const query = useIfAllowed('policy-suites.list', { query: { limit: 200 } })
  return (
    <Section title={text('suite.kept')}>
      <Loaded query={query}>
        {({ body: { items } }) =>
          items.length === 0 ? (
            <p>{text('suite.noneKept')}</p>
          ) : (
            <ul className="cw-plain-list">
              {items.map((suite) => (
                <Kept key={suite.id} suite={suite} open={open} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}

interface KeptProps {
  readonly suite: KeptSuite
  readonly open: (suite: Suite) => void
}

function Kept({ suite, open }: KeptProps) {
  const can = useCan()
  const [ending, setEnding] = useState(false)
  const end = useChange('policy-suites.delete')
  // Not read while it is being deleted, since the read would fail.
  const asked = ending && (end.isIdle || end.isError)
  const current = useApi('policy-suites.read', { params: { id: suite.id } }, { enabled: asked })
  const { id, description: _, ...rest } = pickDefinition('policy-suites', suite)
  async function endKeeping(reason: string | undefined): Promise<void> {
    await end.mutateAsync({ params: { id }, ifMatch: current.data?.etag ?? '', reason })
    showDone({ message: text('suite.ended', { id }) })
  }
  return (
    <li className="cw-card cw-title-row">
      <strong>{id}</strong>
      <span className="cw-quiet-text">{countText('suite.test', 'suite.tests', suite.tests.length)}</span>
      <OwnerChip owner={suite.owner} />
      <Button onClick={() => open({ suite: id, ...rest })}>{text('policy.open', { id })}</Button>
      {suite.owner === 'file' || !can('policy-suites.delete') ? null : (
        <Button onClick={() => setEnding(true)}>{text('suite.end', { id })}</Button>
      )}
      <ReasonDialog
        opened={ending}
        close={() => setEnding(false)}
        title={text('suite.endTitle', { id })}
        confirmLabel={text('suite.endConfirm')}
        danger
        confirm={endKeeping}
      />
    </li>
  )
}

/** Stores a suite under its name, replacing an existing one. */
export function KeepDialog({ suite, close }: { readonly suite: Suite; readonly close: () => void }) {
  const list = useApi('policy-suites.list', { query: { limit: 200 } })
  const create = useChange('policy-suites.create')
  const replace = useChange('policy-suites.replace')
  const { suite: id, ...rest } = suite
  const isThere = list.data?.body.items.some((it) => it.id === id) === true
  const current = useApi('policy-suites.read', { params: { id } }, { enabled: isThere })
  async function keep(reason: string | undefined): Promise<void> {
    const body = { id, ...rest }
    if (isThere)
      await replace.mutateAsync({ params: { id }, body, ifMatch: current.data?.etag ?? '', reason })
    else await create.mutateAsync({ body, reason })
    showDone({ message: text('suite.keptNow', { id }) })
  }
  return (
    <ReasonDialog
      opened
      close={close}
      title={text('suite.keepTitle', { id })}
      confirmLabel={text('suite.keepConfirm')}
      confirm={keep}
      help={text('suite.keepHelp')}
    />
  )
}
