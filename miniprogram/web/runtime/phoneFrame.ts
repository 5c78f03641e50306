/** The frame of a phone on a wide screen; the program runs in an iframe inside. */
export function showPhoneFrame(): void {
  const phone = document.createElement('div')
  phone.className = 'phone'
  const inside = document.createElement('iframe')
  inside.src = location.href
  inside.title = '楼灯小程序'
  inside.allow = 'clipboard-write; geolocation'
  const persona = new URLSearchParams(location.search).get('persona')
  const caption = document.createElement('p')
  caption.className = 'caption'
  if (persona) void labelOf(persona).then((label) => (caption.textContent = label))
  phone.append(inside)
  document.body.classList.add('framed')
  document.body.append(phone, caption)
  inside.addEventListener('load', () => {
    const program = inside.contentWindow!
    document.title = program.document.title
    new MutationObserver(() => (document.title = program.document.title)).observe(program.document.head, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  })
}

/** The name of a persona; '' when the demo is not enabled. */
async function labelOf(persona: string): Promise<string> {
  const answer = await fetch('/api/v1/auth/demo').catch(() => null)
  if (!answer?.ok) return ''
  const { items = [] } = (await answer.json()) as { items?: { persona: string; label: string }[] }
  return items.find((one) => one.persona === persona)?.label ?? ''
}
