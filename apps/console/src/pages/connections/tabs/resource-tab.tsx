// Where tokens are valid: audience, resources, the app's client ID there, and published metadata.
import { Button } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

import type { Connection } from '../../../api/objects.ts'
import { useApi } from '../../../api/queries.ts'
import { StateChip, Tokens } from '../../../components/chips.tsx'
import { Copyable } from '../../../components/code-block.tsx'
import { copyFact, Facts } from '../../../components/facts.tsx'
import { SameIssuerApps } from '../../../components/object/same-issuer-apps.tsx'
import { Section } from '../../../components/page-header.tsx'
import { Loaded } from '../../../components/states.tsx'
import { useCan } from '../../../session/session.tsx'
import { text } from '../../../texts/text.ts'
import { DiscoveryFacts } from '../discovery-facts.tsx'
import { smallIcon } from '../../../components/small-icon.tsx'

export function ResourceTab({ connection }: { readonly connection: Connection }) {
  const query = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <Loaded query={query}>
      {({ body }) => (
        <>
          <div className="cw-card">
            <Facts
              facts={[
                copyFact('target.audience', body.issuer),
                [text('target.aliases'), <Tokens items={body.aliases} />],
                [text('resourceApps.resources'), <Tokens items={connection.resources} />],
                [text('granted.clientId'), <ClientId id={connection.clientId} />],
                [text('target.tenant'), body.tenant ?? text('word.none')],
                [text('target.audTenant'), body.audTenant ?? text('word.none')],
              ]}
            />
          </div>
          <SameIssuerApps id={body.id} issuer={body.issuer} />
          <Discover url={connection.resources[0] ?? body.issuer} issuer={body.issuer} />
        </>
      )}
    </Loaded>
  )
}

function ClientId({ id }: { readonly id: string | undefined }) {
  return id === undefined ? (
    <StateChip state="warn" label={text('target.clientIdMissing')} />
  ) : (
    <Copyable what={text('granted.clientId')} value={id} />
  )
}

function Discover({ url, issuer }: { readonly url: string; readonly issuer: string }) {
  const can = useCan()
  const [requested, setRequested] = useState(false)
  if (!can('discover')) return null
  return (
    <Section title={text('word.publishedMetadata')}>
      {requested ? (
        <DiscoveryFacts url={url} issuer={issuer} />
      ) : (
        <>
          <p className="cw-quiet-text">{text('target.testHelp')}</p>
          <Button leftSection={smallIcon(IconSearch)} onClick={() => setRequested(true)}>
            {text('target.test')}
          </Button>
        </>
      )}
    </Section>
  )
}
