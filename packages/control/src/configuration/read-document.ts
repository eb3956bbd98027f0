// Reads the objects that a document lists, and finds problems beyond their shapes.
import type { Collection, ConfigurationDocument, ConfigurationPlan } from '@crosswalk/admin-api'
import { renderPointer } from '@crosswalk/protocol'

import { valueAt } from '../config-file/finding.ts'
import { zConfigurationFile } from '../config-file/file-schema.ts'
import { suggestFix } from '../config-file/suggest.ts'
import { SECTIONS } from '../definitions/collections/registry.ts'

export type PlanProblem = ConfigurationPlan['problems'][number]

export interface DocumentObject {
  readonly collection: Collection
  readonly id: string
  /** In the format of the admin API */
  readonly input: Readonly<Record<string, unknown>>
  /** JSON Pointer into the document */
  readonly pointer: string
}

export interface ReadDocument {
  readonly listed: readonly DocumentObject[]
  /** Collections whose section is present, even if empty */
  readonly sections: ReadonlySet<Collection>
  readonly problems: readonly PlanProblem[]
}

export function readDocument(document: ConfigurationDocument): ReadDocument {
  const sections = new Set<Collection>()
  const listed: DocumentObject[] = []
  const problems = findUnknownKeys(document)
  for (const { collection, path } of SECTIONS) {
    const objects = valueAt(document, path) as readonly Readonly<Record<string, unknown>>[] | undefined
    if (objects === undefined) continue
    sections.add(collection)
    const seen = new Set<string>()
    for (const [index, input] of objects.entries()) {
      const id = String(input.id)
      const pointer = renderPointer([...path, index])
      if (seen.has(id))
        problems.push({ path: `${pointer}/id`, problem: `${id} is listed twice`, fix: 'keep one of the two' })
      else listed.push({ collection, id, input, pointer })
      seen.add(id)
    }
  }
  return { listed, sections, problems }
}

const SETTINGS = Object.keys(zConfigurationFile.shape)
const IDP_SETTINGS = Object.keys(zConfigurationFile.shape.idp.unwrap().shape)

/** A misspelt section would be silently ignored. */
function findUnknownKeys({ idp, ...document }: ConfigurationDocument): PlanProblem[] {
  const below = (key: string) => IDP_SETTINGS.includes(key) && !SETTINGS.includes(key)
  const find = (value: object, known: readonly string[], base: readonly string[]) =>
    Object.keys(value)
      .filter((key) => !known.includes(key))
      .map((key) => ({
        path: renderPointer([...base, key]),
        problem: `there is no \`${key}\` here`,
        fix: base.length === 0 && below(key) ? 'write it below `idp`' : suggestFix(key, known, 'remove it'),
      }))
  return [...find(document, SETTINGS, []), ...find(idp ?? {}, IDP_SETTINGS, ['idp'])]
}
