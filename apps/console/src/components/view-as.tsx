// Shows one object in the format of the configuration file, the CLI and the API.
import { Modal, Tabs } from '@mantine/core'
import { ADMIN_API_PATH, type Collection, READ_ONLY_MEMBERS } from '@crosswalk/admin-api'
import { toCommandLine, toShellWord } from '@crosswalk/protocol'

import { useSession } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import { CodeBlock } from './code-block.tsx'
import { renderYaml } from './render-yaml.ts'
import type { DialogProps } from '../hooks/use-dialog.ts'

interface ViewAsProps extends DialogProps {
  readonly collection: Collection
  readonly id: string
  readonly object: Readonly<Record<string, unknown>>
}

/** The CLI's name for a collection. */
const COMMANDS: Partial<Record<Collection, string>> = {
  users: 'user',
  apps: 'app',
  'resource-apps': 'resource',
  connections: 'connection',
}

export function ViewAs({ opened, close, collection, id, object }: ViewAsProps) {
  const { baseUrl } = useSession()
  const definition = Object.fromEntries(
    Object.entries(object).filter(([name]) => !READ_ONLY_MEMBERS[collection].includes(name)),
  )
  const url = `${baseUrl}${ADMIN_API_PATH}/${collection}/${encodeURIComponent(id)}`
  const command = COMMANDS[collection]
  const views = [
    ['yaml', text('word.yaml'), renderYaml(definition)],
    ['json', text('viewAs.json'), JSON.stringify(definition, null, 2)],
    ...(command === undefined
      ? []
      : [['cli', text('viewAs.cli'), toCommandLine(command, 'show', id, '--server', baseUrl)]]),
    [
      'api',
      text('viewAs.api'),
      `curl -H "Authorization: Bearer $CROSSWALK_ADMIN_TOKEN" \\\n  ${toShellWord(url)}`,
    ],
  ] as const
  return (
    <Modal opened={opened} onClose={close} title={text('viewAs.title')} size="xl">
      <Tabs defaultValue="yaml" keepMounted={false}>
        <Tabs.List aria-label={text('viewAs.title')}>
          {views.map(([name, label]) => (
            <Tabs.Tab key={name} value={name ?? ''}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {views.map(([name, label, code]) => (
          <Tabs.Panel key={name} value={name ?? ''}>
            <CodeBlock label={label ?? ''} code={code ?? ''} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Modal>
  )
}
