export { type Agent0Options, createAgent0 } from './app.ts'
