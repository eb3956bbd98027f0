// One decision at its own URL, for links from tickets and chats.
import { useApi } from '../../api/queries.ts'
import { DecisionPanel } from '../../components/decision/decision-panel.tsx'
import { ParentLink } from '../../components/parent-page.tsx'
import { Loaded } from '../../components/states.tsx'
import { useWindowTitle } from '../../hooks/use-window-title.ts'
import { text } from '../../texts/text.ts'
import { usePageId } from '../../components/object/object-page.tsx'
import { BlockMenu } from './block-menu.tsx'

export function Page() {
  const id = usePageId()
  const query = useApi('decisions.read', { params: { id } })
  const title = query.data?.body.summary.admin
  useWindowTitle(
    title === undefined ? undefined : text('app.titleWithin', { title, parent: text('word.decisions') }),
  )
  return (
    <Loaded query={query}>
      {({ body }) => (
        <>
          <ParentLink />
          <DecisionPanel decision={body} level={1} actions={<BlockMenu decision={body} />} />
        </>
      )}
    </Loaded>
  )
}
