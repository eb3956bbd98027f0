// The order of test files: the slowest of each project first, so that none of them runs alone at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** More than half a minute each on two cores. In a new clone, Vitest would start them by their size in bytes. */
export const SLOWEST: readonly string[] = [
  'tests/src/packages/packing.test.ts',
  'tests/src/browser/console/routes.test.ts',
  'tests/src/recipes/recipes.test.ts',
  'packages/storage/src/contract.test.ts',
  'apps/cli/src/serve.test.ts',
  'tests/src/crash/crash.test.ts',
  'tests/src/oversight/other-process.test.ts',
  'tests/src/oversight/streams.test.ts',
  'tests/src/oversight/governance-under-faults.test.ts',
  'tests/src/oversight/accounts-under-faults.test.ts',
  'tests/src/oversight/several-nodes.test.ts',
  'tests/src/browser/console/oversight.test.ts',
  'tests/src/oversight/renamed-users.test.ts',
  'tests/src/browser/console/keyboard.test.ts',
  'tests/src/browser/console/hostile-texts.test.ts',
  'tests/src/mcp-conformance/client.test.ts',
  'tests/src/demo/topologies.test.ts',
  'packages/storage/src/dialects/postgres/connection-faults.test.ts',
  'tests/src/browser/playground.test.ts',
  'tests/src/browser/console/large-directory.test.ts',
  'tests/src/crash/database-crash.test.ts',
  'tests/src/browser/console/first-connection.test.ts',
  'packages/storage/src/crash.test.ts',
  'tests/src/readme.test.ts',
  'tests/src/sdk/java.test.ts',
]

export class SlowestFirst extends BaseSequencer {
  /** Keeps projects together, because a worker restarts between them. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project)
    return [...byProject.values()].flatMap((some) => [
      ...some.filter(isSlow),
      ...some.filter((file) => !isSlow(file)),
    ])
  }
}

function isSlow({ moduleId }: TestSpecification): boolean {
  return SLOWEST.some((path) => moduleId.endsWith(`/${path}`))
}
