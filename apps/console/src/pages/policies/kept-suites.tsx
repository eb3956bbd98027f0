// The stored test suites, which block breaking changes. Each can be viewed and deleted.
import { Button } from '@mantine/core'
import type { AnswerTo, CallTo } from '@crosswalk/admin-api'

import { adminApi } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'
import { OwnerChip } from '../../components/chips.tsx'
import { Section } from '../../components/page-header.tsx'
import { askReason } from '../../components/ask-reason.ts'
import { Loaded } from '../../components/states.tsx'
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
  const mayDelete = useCan()('policy-suites.delete') && suite.owner !== 'file'
  const { id, description: _, ...rest } = pickDefinition('policy-suites', suite)
  return (
    <li className="cw-card cw-title-row">
      <strong>{id}</strong>
      <span className="cw-quiet-text">{countText('suite.test', 'suite.tests', suite.tests.length)}</span>
      <OwnerChip owner={suite.owner} />
      <Button onClick={() => open({ suite: id, ...rest })}>{text('policy.open', { id })}</Button>
      {mayDelete ? <Button onClick={() => askToDelete(id)}>{text('suite.end', { id })}</Button> : null}
    </li>
  )
}

function askToDelete(id: string): void {
  askReason({
    danger: true,
    title: text('suite.endTitle', { id }),
    confirmLabel: text('suite.endConfirm'),
    done: text('suite.ended', { id }),
    confirm: async (reason) =>
      sendChange('policy-suites.delete', { params: { id }, ifMatch: await readEtag(id), reason }),
  })
}

/** Stores a suite under its name, replacing an existing one. */
export function askToKeep({ suite: id, ...rest }: Suite): void {
  askReason({
    title: text('suite.keepTitle', { id }),
    confirmLabel: text('suite.keepConfirm'),
    help: text('suite.keepHelp'),
    done: text('suite.keptNow', { id }),
    async confirm(reason) {
      const body = { id, ...rest }
      const { items } = (await adminApi.call('policy-suites.list', { query: { ids: id } })).body
      await (items.length === 0
        ? sendChange('policy-suites.create', { body, reason })
        : sendChange('policy-suites.replace', { params: { id }, body, ifMatch: await readEtag(id), reason }))
    },
  })
}

async function readEtag(id: string): Promise<string> {
  return (await adminApi.call('policy-suites.read', { params: { id } })).etag ?? ''
}
