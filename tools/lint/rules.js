// Our own lint rules, where the linter has none.

const message = 'Do not read the clock here: take the time as an argument.'

/** Rejects code that reads the clock implicitly. `new Date(ms)` converts a given time, and is allowed. */
const noClock = {
  create: (context) => ({
    NewExpression(node) {
      if (node.callee.name === 'Date' && node.arguments.length === 0) context.report({ node, message })
    },
    CallExpression(node) {
      if (node.callee.name === 'Date') context.report({ node, message })
    },
  }),
}

/** Rejects `as never`, which fits every type and so hides what a route, a link or a form expects. */
const noAsNever = {
  create: (context) => ({
    TSAsExpression(node) {
      if (node.typeAnnotation.type === 'TSNeverKeyword')
        context.report({ node, message: 'Keep the type: `as never` hides every mistake.' })
    },
  }),
}

export default { meta: { name: 'crosswalk' }, rules: { 'no-clock': noClock, 'no-as-never': noAsNever } }
