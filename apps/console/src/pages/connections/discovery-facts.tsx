// The published metadata of a URL, as facts.
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { Loaded, Loading } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'

export type Discovery = AnswerTo<'discover'>

interface DiscoveryFactsProps {
  readonly url: string
  /** Issuer of its authorization server, if known */
  readonly issuer: string
}

export function DiscoveryFacts({ url, issuer }: DiscoveryFactsProps) {
  const query = useApi('discover', { body: { url, issuer } })
  return (
    <Loaded query={query} skeleton={<Loading lines={4} />}>
      {({ body }) => <FactList discovery={body} />}
    </Loaded>
  )
}

const ICONS = {
  pass: <IconCheck size={18} className="cw-check-pass" aria-label={text('chip.ok')} />,
  warn: <IconAlertTriangle size={18} className="cw-check-warn" aria-label={text('chip.warn')} />,
  fail: <IconX size={18} className="cw-check-fail" aria-label={text('check.result.fail')} />,
} as const

export function FactList({ discovery: { facts, documents } }: { readonly discovery: Discovery }) {
  return (
    <div className="cw-card">
      <ul className="cw-plain-list">
        {facts.map(({ id, result, text: sentence }) => (
          <li key={id} className="cw-check">
            {ICONS[result]}
            <div>{sentence}</div>
          </li>
        ))}
      </ul>
      {documents.map(({ url, problem, document }) => (
        <details key={url} className="cw-check-group">
          <summary>
            <code>{url}</code>
            <span className="cw-quiet-text">{problem ?? text('chip.ok')}</span>
          </summary>
          {document === undefined ? null : <CodeBlock label={url} code={JSON.stringify(document, null, 2)} />}
        </details>
      ))}
    </div>
  )
}
