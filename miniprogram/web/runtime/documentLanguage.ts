/** The language of the page on top, for screen readers: the program names it as a class of its root, `lang-kk-Arab-CN`. */
const NAMED = /(?:^| )lang-([\w-]+)/

export function followLanguage(screen: HTMLElement): void {
  const follow = (): void => {
    const roots = screen.querySelectorAll('.layer:not([hidden]) wx-page [class*="lang-"]')
    const root = roots.item(roots.length - 1)
    const tag = NAMED.exec(root?.className ?? '')?.[1]
    if (!root || !tag) return
    const direction = root.classList.contains('rtl') ? 'rtl' : 'ltr'
    const { documentElement: html } = document
    if (html.lang !== tag) html.lang = tag
    if (html.dir !== direction) html.dir = direction
  }
  new MutationObserver(follow).observe(screen, {
    subtree: true,
    childList: true,
    attributeFilter: ['class', 'hidden'],
  })
}
