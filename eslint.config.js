// What lint decides: mistakes that types and formatting do not catch. Each rule below was chosen; none comes from a preset.
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const TESTS = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**', 'tests/**']
const PURE = ['packages/protocol/src/**', 'packages/policy/src/**']

const clock = 'Time is an argument here: the caller passes the moment.'
const random = 'Randomness is an argument here: the caller passes the bytes or the id.'
const named = 'Named exports only: a name that is the same everywhere can be searched for.'

const NO_DEFAULT_EXPORT = [
  { selector: 'ExportDefaultDeclaration', message: named },
  { selector: 'ExportSpecifier[exported.name="default"]', message: named },
]

export default defineConfig(
  globalIgnores(['**/node_modules/', '**/dist/', '**/data/', 'coverage/']),
  {
    name: 'everywhere',
    files: ['**/*.{ts,tsx,js,mjs}'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-duplicate-imports': ['error', { includeExports: false, allowSeparateTypeImports: true }],
      'no-irregular-whitespace': 'error',
      'no-control-regex': 'off',
    },
  },
  {
    name: 'typed',
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    name: 'sources',
    files: ['packages/*/src/**', 'apps/*/src/**', 'demos/*/src/**'],
    rules: { 'no-restricted-syntax': ['error', ...NO_DEFAULT_EXPORT] },
  },
  {
    name: 'silent',
    files: ['packages/*/src/**', 'apps/server/src/**', 'apps/console/src/**'],
    ignores: TESTS,
    rules: { 'no-console': 'error' },
  },
  {
    name: 'pure',
    files: PURE,
    ignores: TESTS,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: clock },
        { object: 'Math', property: 'random', message: random },
      ],
      'no-restricted-syntax': [
        'error',
        ...NO_DEFAULT_EXPORT,
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clock },
        { selector: 'CallExpression[callee.name="Date"]', message: clock },
      ],
    },
  },
)
