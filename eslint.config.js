import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules', 'build', 'dist', 'main/kernels/assembly', '.cache', '**/*.cjs'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'prefer-const': 'error',
      'max-lines': ['warn', { max: 320, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Nothing between the domain and the evaluation reads the clock or the environment (ARCHITECTURE.md, "Pure in the middle").
    files: ['main/{domain,recon,patches,models,evaluation}/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take a Random from domain/random.ts.' },
        { object: 'Date', property: 'now', message: 'Pass the time in.' },
        { object: 'process', property: 'env', message: 'Pass configuration in.' },
      ],
      'no-restricted-imports': ['error', { paths: ['node:fs', 'node:fs/promises', 'node:child_process'] }],
    },
  },
  {
    files: ['renderer/**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // Prettier lays out; a component is named by its folder and file.
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/no-v-html': 'error',
      // A style attribute in a template is text, which the content security policy refuses; bound styles are not.
      'vue/no-static-inline-styles': ['error', { allowBinding: true }],
    },
  },
  { files: ['scripts/**', 'bin/**'], rules: { 'no-console': 'off' } },
);
