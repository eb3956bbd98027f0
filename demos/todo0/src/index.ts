export { createTodo0, type Todo0Options } from './app.ts'
