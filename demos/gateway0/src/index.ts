export { createGateway0, type Gateway0Options } from './app.ts'
