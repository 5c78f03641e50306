// The privacy guide of the server as paragraphs.
import { getConsentGuide } from '../../services/me'
import { definePage } from '../../ui/page'

interface Paragraph {
  kind: 'h1' | 'item' | 'text'
  words: string
}

definePage({
  words: ['consent'],
  title: (t) => t.consent.title,
  data: { paragraphs: [] as Paragraph[], version: '' },
  async load() {
    const { text, version } = await getConsentGuide()
    return {
      version,
      paragraphs: text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
        .map(paragraph),
    }
  },
})

// The guide uses little Markdown: headings, numbered items, bold.
function paragraph(line: string): Paragraph {
  const words = line.replace(/\*\*/g, '')
  if (words.startsWith('#')) return { kind: 'h1', words: words.replace(/^#+\s*/, '') }
  return { kind: /^\d+\./.test(words) ? 'item' : 'text', words }
}
