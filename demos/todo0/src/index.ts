export { createTodo0, type Todo0Options } from './app.ts'
export { createTodos, type Todos } from './todos.ts'
