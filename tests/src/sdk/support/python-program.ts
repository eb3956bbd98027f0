// Runs programs of a documentation page by a Python that has the MCP SDK.
import { spawnSync } from 'node:child_process'

import { createForeignPrograms, type ForeignPrograms, writePrograms } from './foreign-programs.ts'

const PYTHON = process.env['CROSSWALK_TEST_PYTHON'] ?? 'python3'
const SDK = 'mcp.client.auth.extensions.identity_assertion'

/** Whether `CROSSWALK_TEST_PYTHON`, or else `python3`, has an MCP SDK with Cross App Access */
export const HAS_PYTHON_SDK = spawnSync(PYTHON, ['-c', `import ${SDK}`]).status === 0

/** @param page - whose blocks of Python name their files */
export function writePythonPrograms(page: URL): ForeignPrograms {
  return createForeignPrograms(writePrograms(page, 'python'), (name) => [PYTHON, name])
}
