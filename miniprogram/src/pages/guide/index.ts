// The privacy guide as the server has it, set as plain paragraphs.
import { screen } from '../../core/screen'
import { guide } from '../../services/me'

interface Paragraph {
  kind: 'h1' | 'item' | 'text'
  words: string
}

screen({
  words: ['consent'],
  title: (t) => t.consent.title,
  data: { paragraphs: [] as Paragraph[], version: '' },
  async load() {
    const { text, version } = await guide()
    return { version, paragraphs: text.split('\n').map((line) => line.trim()).filter(Boolean).map(paragraph) }
  },
})

// The little markdown there is in it: a heading, numbered points, bold.
function paragraph(line: string): Paragraph {
  const words = line.replace(/\*\*/g, '')
  if (words.startsWith('#')) return { kind: 'h1', words: words.replace(/^#+\s*/, '') }
  return { kind: /^\d+\./.test(words) ? 'item' : 'text', words }
}
