// The playground: its pages as a function from Request to Response, and its words for runs, which the terminal uses too.
export { CALLBACK_PATH } from './form-routes.ts'
export { describeEnd, describeStep, findRefused, nameRun } from './pages/run-words.ts'
export { STEP_WORDS } from './pages/step-words.ts'
export { createPlayground } from './playground.ts'
export { type Crossing, listForeignHosts } from './run.ts'
