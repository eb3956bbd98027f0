// Applies all rules to one tree, and separates failures from warnings.
import type { Finding } from './finding.ts'
import { checkCentralNames } from './rules/central-names.ts'
import { checkDeclared } from './rules/declared.ts'
import { checkExports } from './rules/exports.ts'
import { checkLayers } from './rules/layers.ts'
import { checkFolders } from './rules/folders.ts'
import { checkLibraries } from './rules/libraries.ts'
import { checkNames } from './rules/names.ts'
import { checkSizes } from './rules/sizes.ts'
import type { Tree } from './tree.ts'

export interface Report {
  readonly failures: readonly Finding[]
  readonly warnings: readonly Finding[]
}

export function checkArchitecture(tree: Tree): Report {
  return {
    failures: [
      checkLayers,
      checkLibraries,
      checkDeclared,
      checkFolders,
      checkNames,
      checkCentralNames,
      checkExports,
    ].flatMap((rule) => rule(tree)),
    warnings: checkSizes(tree),
  }
}
