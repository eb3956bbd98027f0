// The index of a package lists what others may use, so that no internal name becomes part of it by accident.
import type { Finding } from '../finding.ts'
import type { Tree } from '../tree.ts'

const INDEX = /^packages\/[^/]+\/src\/index\.ts$/
/** All modules of this package are the contract of the admin API. */
const CONTRACT = 'packages/admin-api/src/index.ts'

export function checkExports(tree: Tree): Finding[] {
  return tree.files
    .filter(({ path }) => INDEX.test(path) && path !== CONTRACT)
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) =>
        /^export (type )?\*/.test(line)
          ? [
              {
                file: path,
                line: index + 1,
                rule: 'curated-index',
                message: 'everything in a module is exported',
                why: 'each exported name is one that other packages may come to depend on',
                remedy: 'List the names that other packages need.',
              },
            ]
          : [],
      ),
    )
}
