"""What is wrong with the layout of a page, asked in the page."""

from typing import Final

# Words that stick out of the window, or are cut off by their own box.
STICKS_OUT: Final = """() => {
  const wide = document.documentElement.clientWidth
  const out = []
  for (const each of document.querySelectorAll('wx-view, wx-text, wx-button, wx-input')) {
    const own = [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    const strip = each.closest('wx-scroll-view')
    if (strip && strip.scrollWidth > strip.clientWidth) continue // meant to be pushed aside
    const box = each.getBoundingClientRect()
    if (!own || !box.width || getComputedStyle(each).visibility === 'hidden') continue
    const slack = parseFloat(getComputedStyle(each).fontSize) * 0.6 // the empty half of a full-width bracket
    if (box.right > wide + 1 || box.left < -1) out.push('beside: ' + each.textContent.trim().slice(0, 30))
    if (each.clientWidth && each.scrollWidth > each.clientWidth + slack) out.push('cut: ' + each.textContent.trim().slice(0, 30))
  }
  return out
}"""
