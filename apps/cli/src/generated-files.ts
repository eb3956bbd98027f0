// Files of the repository that are written from the code. `npm run generate` writes them, `npm run check` compares.
import { renderDoctorPage } from '@crosswalk/lab'
import { renderCommandLinePage } from './reference-page.ts'

/** @returns each file with its path from the root of the repository */
export function generatedFiles(): readonly { readonly path: string; readonly content: string }[] {
  return [
    { path: 'docs/reference/command-line.md', content: renderCommandLinePage() },
    { path: 'docs/reference/doctor-checks.md', content: renderDoctorPage() },
  ]
}
