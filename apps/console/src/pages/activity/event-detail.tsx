// One audit event: who, why, before and after, and its position in the log.
import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { adminApi } from '../../api/client.ts'
import { useApi } from '../../api/queries.ts'
import { ChangeList, omitEmpty } from '../../components/change-list.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { copyFact, Facts } from '../../components/facts.tsx'
import { renderYaml } from '../../components/render-yaml.ts'
import { compareVersions } from '../../components/object/definition.ts'
import { saveJson } from '../../components/save-file.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import { ErrorState, isAccessLost, Loading } from '../../components/states.tsx'
import { formatExact } from '../../components/time.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { type AdminEvent, changeOf, type ObjectChange } from './event.ts'
import { EventActor, EventSentence } from './event-parties.tsx'

export function EventDetail({ event }: { readonly event: AdminEvent }) {
  const { actor, reason, time, chain, seq, hash, prevHash, decision } = event as AdminEvent & {
    readonly decision?: { readonly decision_id?: string }
  }
  const change = changeOf(event)
  return (
    <article>
      <h2 className="cw-decision-headline cw-event-headline">
        <EventSentence event={event} />
      </h2>
      <Facts
        facts={[
          [
            text('audit.who'),
            <span>
              <EventActor event={event} />
              {actor?.id === undefined ? null : <code className="cw-quiet-text"> {actor.id}</code>}
            </span>,
          ],
          [text('word.reason'), reason ?? '–'],
          [text('word.time'), formatExact(time)],
          decision?.decision_id === undefined
            ? null
            : [
                text('word.decision'),
                <Link to={`/decisions/${decision.decision_id}`}>{decision.decision_id}</Link>,
              ],
          [
            text('audit.place'),
            <>
              {`${chain} #${seq}`} <SaveProof chain={chain} seq={seq} />
            </>,
          ],
          copyFact('audit.hash', hash),
          prevHash === ''
            ? [text('audit.prevHash'), text('audit.first')]
            : copyFact('audit.prevHash', prevHash),
        ]}
      />
      {change === undefined ? null : <Difference {...change} patch={event.change?.['patch']} />}
      <details className="cw-event-raw">
        <summary>{text('decision.raw')}</summary>
        <CodeBlock label={text('decision.raw')} code={JSON.stringify(event, null, 2)} />
      </details>
    </article>
  )
}

/** What `crosswalk audit verify --proof` accepts */
function SaveProof({ chain, seq }: { readonly chain: string; readonly seq: number }) {
  const can = useCan()
  if (!can('audit.prove')) return null
  const read = async () => (await adminApi.call('audit.prove', { query: { event: `${chain}#${seq}` } })).body
  const name = `proof-${chain.replaceAll(/[^\w-]/g, '-')}-${seq}.json`
  return (
    <Button
      size="compact-sm"
      leftSection={smallIcon(IconDownload)}
      onClick={() => void saveJson(name, read, text('audit.proofSaved'))}
    >
      {text('audit.saveProof')}
    </Button>
  )
}

/** The diff from the history, which has both complete revisions; the event has only the new one. */
function Difference({ collection, id, revision, patch }: ObjectChange & { readonly patch: unknown }) {
  const route = `${collection}.history` as const
  const may = useCan()(route)
  const query = useApi(route, { params: { id } }, { enabled: may })
  if (!may || isAccessLost(query.error)) return <p className="cw-quiet-text">{text('audit.noHistory')}</p>
  if (query.error !== null) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (query.data === undefined) return <Loading />
  const { items } = query.data.body
  const at = items.findIndex((one) => one.revision === revision)
  const now = items[at]
  if (now === undefined) return <Patch patch={patch} />
  const { definition = {} } = now
  const before = items[at + 1]?.definition
  return (
    <section className="cw-event-change">
      <h3>{text('form.changes.made')}</h3>
      <ChangeList
        differences={
          before === undefined
            ? compareVersions(collection, {}, omitEmpty(definition))
            : compareVersions(collection, before, definition)
        }
      />
    </section>
  )
}

/** Of objects without a history, such as those of the configuration file. */
function Patch({ patch }: { readonly patch: unknown }) {
  if (patch === undefined) return <p className="cw-quiet-text">{text('audit.noHistory')}</p>
  return (
    <section className="cw-event-change">
      <h3>{text('form.changes.made')}</h3>
      <CodeBlock label={text('form.changes.made')} code={renderYaml(patch)} />
    </section>
  )
}
