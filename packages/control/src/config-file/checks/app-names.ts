// The apps that approval rules and review schedules name should exist.
import type { ReviewedConnections } from '@crosswalk/protocol'

import type { FileFinding, Path } from '../finding.ts'
import type { View } from '../view.ts'
import { checkName, describesItself, textsOf } from './check.ts'

/** @param whose - what names them, for messages @returns warnings, because the console may define the objects */
export function checkAppNames(
  whose: string,
  path: Path,
  { apps = [], resourceApps = [] }: Pick<ReviewedConnections, 'apps' | 'resourceApps'>,
  view: View,
): readonly FileFinding[] {
  const check = (key: string, kind: string, names: readonly string[], known: ReadonlySet<string>) =>
    names.flatMap((name, index) => {
      const what = `${whose} names ${kind} ${name}, which this file does not define`
      const otherwise = 'check the spelling, unless it is defined in the console'
      return checkName([...path, key, index], name, known, { what, otherwise })
    })
  const described = apps.filter((name) => !describesItself(name, view.allowedDocuments))
  return [
    ...check('apps', 'app', described, textsOf(view.apps, 'id')),
    ...check('resourceApps', 'resource app', resourceApps, textsOf(view.resourceApps, 'id')),
  ].map((finding) => ({ ...finding, severity: 'warning' as const }))
}
