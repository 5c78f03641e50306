/** Imports of the mini-program's source go one way. Used by eslint.config.mjs; a test uses it alone. */

/** Layers of the source, lowest first: a file imports from its own layer and from those before it. */
const LAYERS = [
  ['platform'],
  ['services'],
  ['i18n'],
  ['domain'],
  ['ui'],
  ['components', 'custom-tab-bar'],
  ['pages', 'office', 'staff', 'subjects'], // packages: none imports from another
]

export default LAYERS.flatMap((folders, level) =>
  folders.map((folder) => {
    const above = LAYERS.slice(level + 1).flat()
    const beside = folders.filter((each) => each !== folder)
    const regex = `^\\.\\.?/(.*/)?(${[...above, ...beside].join('|')})/`
    const message = `${folder}/ may not import this: see the layers in src/README.md.`
    return {
      files: [`src/${folder}/**/*.ts`],
      rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
    }
  }),
)
