import tseslint from 'typescript-eslint'

/** Text and attributes from files are hostile: these ways of writing HTML are never used (security-reliability.md 4.3). */
const htmlSinks = [
  { selector: "MemberExpression[property.name='innerHTML']", message: 'imported text is hostile: use text nodes' },
  { selector: "MemberExpression[property.name='outerHTML']", message: 'imported text is hostile: use text nodes' },
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: 'imported text is hostile: use text nodes',
  },
  { selector: "CallExpression[callee.property.name='html']", message: 'd3 .html() writes markup: use .text()' },
]
/** Query text lives in cypher/ and is loaded by name (security-reliability.md 2.4). */
const cypherText = [
  {
    selector: "CallExpression[callee.property.name='run'] > TemplateLiteral.arguments",
    message: 'Cypher text lives in cypher/; pass a statement loaded from there',
  },
]

export default tseslint.config(
  // kernels/ is AssemblyScript, which its own compiler checks.
  { ignores: ['dist/**', 'kernels/**', 'node_modules/**', 'artifacts/**', '**/fixtures/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', ...htmlSinks, ...cypherText],
      // `_` says: named for the reader, not used.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['server/cli/**', 'test/**', '**/*.mjs'], rules: { 'no-console': 'off' } },
)
