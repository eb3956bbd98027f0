// The tab that shows the definition of an object as YAML.
import type { Collection, ViewOf } from '@crosswalk/admin-api'

import { text } from '../../texts/text.ts'
import { CodeBlock } from '../code-block.tsx'
import { renderYaml } from '../render-yaml.ts'
import type { PageTab } from '../tabs.tsx'
import { pickDefinition } from './definition.ts'

export function definitionTab<C extends Collection>(collection: C, object: ViewOf<C>): PageTab {
  return {
    id: 'text',
    label: text('rule.tab.text'),
    content: () => (
      <CodeBlock label={text('word.yaml')} code={renderYaml(pickDefinition(collection, object))} />
    ),
  }
}
