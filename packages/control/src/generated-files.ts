// Files generated from the code. `npm run generate` writes them, `npm run check` compares them.
import { renderRecommendationsPage } from './recommendations/reference-page.ts'
import { RULES } from './recommendations/rules.ts'
import { buildEditorSchema } from './config-file/editor-schema.ts'
import { buildJsonSchema } from './config-file/json-schema.ts'
import { renderReferencePage } from './config-file/reference-page.ts'

/** @returns each file with its path from the repository root; artefacts are built, not committed */
export function generatedFiles(): readonly {
  readonly path: string
  readonly content: string
  readonly artefact?: true
}[] {
  const schema = buildJsonSchema()
  return [
    {
      path: 'apps/server/config.schema.json',
      content: `${JSON.stringify(buildEditorSchema(schema), null, 2)}\n`,
      artefact: true,
    },
    { path: 'docs/reference/configuration.md', content: renderReferencePage(schema) },
    { path: 'docs/reference/recommendations.md', content: renderRecommendationsPage(RULES) },
  ]
}
