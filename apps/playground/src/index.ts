// The playground: its pages as a function from Request to Response, and its descriptions of runs, which the CLI also
// uses.
export { CALLBACK_PATH } from './form-routes.ts'
export { describeEnd, describeStep, findRefused, nameRun } from './pages/run-words.ts'
export { STEP_WORDS } from './pages/step-words.ts'
export { createPlayground } from './playground.ts'
export { type Setup, listRemoteHosts } from './run.ts'
