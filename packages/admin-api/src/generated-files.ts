// Files that are written from the route table. `npm run generate` writes them, `npm run check` compares.
import { buildOpenApi } from './openapi.ts'
import { renderReferencePage } from './reference-page.ts'
import { ROUTES } from './routes.ts'

/** @returns each file with its path from the root of the repository; artefacts are built, not committed */
export function generatedFiles(): readonly {
  readonly path: string
  readonly content: string
  readonly artefact?: true
}[] {
  return [
    { path: 'docs/reference/admin-api.md', content: renderReferencePage(ROUTES) },
    {
      path: 'docs/reference/openapi.json',
      content: `${JSON.stringify(buildOpenApi(), null, 2)}\n`,
      artefact: true,
    },
  ]
}
