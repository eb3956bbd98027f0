// Commands in this process, as the CLI's own tests run them.
export { type CommandResult, runCrosswalk as crosswalk } from '../../../apps/cli/src/testing/run-crosswalk.ts'
