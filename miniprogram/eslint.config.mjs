/** ESLint's recommended rules and those of typescript-eslint. Layout is Prettier's. */
import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import ts from 'typescript-eslint'
import layers from './eslint.layers.mjs'

/** Calls of WeChat that report their own failure to the user; nobody has to wait for them. */
const SAFE_CALLS = [
  ...['navigateTo', 'redirectTo', 'switchTab', 'reLaunch', 'navigateBack', 'setNavigationBarTitle'],
  ...['showToast', 'showModal', 'showActionSheet', 'stopPullDownRefresh', 'pageScrollTo'],
  ...['previewImage', 'setClipboardData', 'makePhoneCall'],
]

export default defineConfig(
  globalIgnores(['web/dist/', 'src/miniprogram_npm/', 'src/services/api.d.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['src/**/*.ts'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [{ from: 'package', package: 'miniprogram-api-typings', name: SAFE_CALLS }],
        },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { properties: false } }],
      // `[] as Row[]` in `data` is where the type of a page's data comes from.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  ...layers,
  {
    // The harness works on what glass-easel and the page give it, which has no types.
    files: ['web/**/*.ts'],
    extends: [ts.configs.recommended],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', setTimeout: 'readonly' } },
  },
)
