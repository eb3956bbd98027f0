// The stored test suites, which block breaking changes. Each can be viewed and deleted.
import { Button } from '@mantine/core'
import type { AnswerTo, CallTo } from '@crosswalk/admin-api'

import { adminApi } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'
import { useList } from '../../api/queries.ts'
import { OwnerChip } from '../../components/chips.tsx'
import { Section } from '../../components/page-header.tsx'
import { PagedItems } from '../../components/paged-items.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { useCan } from '../../session/session.tsx'
import '../../texts/en/policy-tests.ts'
import { countText, text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'

export type Suite = CallTo<'policies.test'>['body']
type SavedSuite = AnswerTo<'policy-suites.list'>['items'][number]

export function SavedSuites({ open }: { readonly open: (suite: Suite) => void }) {
  const list = useList('policy-suites.list', {}, { enabled: useCan()('policy-suites.list') })
  return (
    <Section title={text('suite.savedSuites')}>
      <PagedItems list={list} empty={<p>{text('suite.noneSaved')}</p>}>
        {(items) => (
          <ul className="cw-plain-list">
            {items.map((suite) => (
              <SuiteRow key={suite.id} suite={suite} open={open} />
            ))}
          </ul>
        )}
      </PagedItems>
    </Section>
  )
}

interface SuiteRowProps {
  readonly suite: SavedSuite
  readonly open: (suite: Suite) => void
}

function SuiteRow({ suite, open }: SuiteRowProps) {
  const mayDelete = useCan()('policy-suites.delete') && suite.owner !== 'file'
  const { id, description: _, ...rest } = pickDefinition('policy-suites', suite)
  return (
    <li className="cw-card cw-title-row">
      <strong>{id}</strong>
      <span className="cw-quiet-text">{countText('suite.test', 'suite.tests', suite.tests.length)}</span>
      <OwnerChip owner={suite.owner} />
      <Button onClick={() => open({ suite: id, ...rest })}>{text('policy.open', { id })}</Button>
      {mayDelete ? <Button onClick={() => confirmDelete(id)}>{text('suite.end', { id })}</Button> : null}
    </li>
  )
}

function confirmDelete(id: string): void {
  confirmWithReason({
    danger: true,
    title: text('suite.endTitle', { id }),
    confirmLabel: text('suite.endConfirm'),
    done: text('suite.ended', { id }),
    confirm: async (reason) =>
      sendChange('policy-suites.delete', { params: { id }, ifMatch: await readEtag(id), reason }),
  })
}

/** Stores a suite under its name, replacing an existing one. */
export function confirmSaveSuite({ suite: id, ...rest }: Suite, saved: () => void): void {
  confirmWithReason({
    title: text('suite.keepTitle', { id }),
    confirmLabel: text('suite.keep'),
    help: text('suite.keepHelp'),
    done: text('suite.savedNow', { id }),
    async confirm(reason) {
      const body = { id, ...rest }
      const { items } = (await adminApi.call('policy-suites.list', { query: { ids: id } })).body
      await (items.length === 0
        ? sendChange('policy-suites.create', { body, reason })
        : sendChange('policy-suites.replace', { params: { id }, body, ifMatch: await readEtag(id), reason }))
      saved()
    },
  })
}

async function readEtag(id: string): Promise<string> {
  return (await adminApi.call('policy-suites.read', { params: { id } })).etag ?? ''
}
