// The ways to a real exchange over a connection: from here, where people sign in to its app, or from a command line.
import { IconUserOff } from '@tabler/icons-react'

import { useApi } from '../../../api/queries.ts'
import { Section } from '../../../components/page-header.tsx'
import { Loaded, State } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import type { Connection } from '../connection-state.ts'
import { CommandLine } from './command-line.tsx'
import { ProveForm } from './prove-form.tsx'

interface ProveConnectionProps {
  readonly connection: Connection
  /** Whether there is a result above */
  readonly again: boolean
}

export function ProveConnection({ connection, again }: ProveConnectionProps) {
  const app = useApi('apps.read', { params: { id: connection.app } })
  const resourceApp = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <Loaded query={app}>
      {({ body: asking }) => (
        <Loaded query={resourceApp}>
          {({ body: asked }) => {
            const parties = { connection, app: asking, resourceApp: asked }
            return (
              <>
                <Section title={text(again ? 'prove.again' : 'prove.form')}>
                  {connection.resources.length === 0 ? (
                    <p>{text('prove.noResource')}</p>
                  ) : asking.redirectUris.length === 0 ? (
                    <State
                      icon={<IconUserOff size={32} />}
                      title={text('prove.noSignIn', { app: asking.name })}
                    >
                      {text('prove.noSignInText')}
                    </State>
                  ) : (
                    <ProveForm {...parties} />
                  )}
                </Section>
                <Section title={text('prove.commandLine')}>
                  <CommandLine {...parties} />
                </Section>
              </>
            )
          }}
        </Loaded>
      )}
    </Loaded>
  )
}
