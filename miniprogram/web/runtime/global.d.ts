/** In the runtime `wx` is the exports of runtime/wx/index.ts. */
declare const wx: typeof import('./wx')
