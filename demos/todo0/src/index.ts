export { createTodo0, type Todo0Options } from './app.ts'
export { createTodoServer, TODO_TOOL_SCOPES } from './todo-tools.ts'
export { createTodos, openTodos, type Todos } from './todos.ts'
