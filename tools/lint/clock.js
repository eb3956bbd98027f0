// Rejects code that reads the clock implicitly: `Date()` and `new Date()`. The linter's built-in rules cover the rest.
const message = 'Do not read the clock here: take the time as an argument.'

/** `new Date(ms)` converts a given time, and is allowed. */
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

export default { meta: { name: 'crosswalk' }, rules: { 'no-clock': noClock } }
