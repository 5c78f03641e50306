// The palette: type a screen's name, something new, a ticket's number or an address, and go there.
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useLocation } from 'wouter'
import { rolesOf } from '@mini/domain/roles'
import { fill } from '@mini/i18n/index'
import { listTickets } from '@mini/services/tickets'
import { creatableBy, type ScreenSpec } from './app'
import { words } from './words'

interface Entry {
  id: string // the address it opens
  words: string
  hint: string
}

const SHORT = 2 // characters after which tickets are searched

export function Palette({ screens, close }: { screens: readonly ScreenSpec[]; close: () => void }) {
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  const [, navigate] = useLocation()
  const text = words().palette
  const entries = useEntries(screens, q.trim())
  const go = (entry: Entry | undefined): void => {
    if (!entry) return
    close()
    navigate(entry.id)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    if (event.key === 'Enter') go(entries[at])
    else if (steps[event.key]) setAt((at + steps[event.key]! + entries.length) % Math.max(1, entries.length))
    else return
    event.preventDefault()
  }
  return (
    <ModalOverlay className="overlay top" isDismissable isOpen onOpenChange={close}>
      <Modal className="modal palette">
        <Dialog aria-label={text.title}>
          <input
            className="field wide"
            role="combobox"
            aria-label={text.title}
            aria-expanded
            aria-controls="palette-list"
            aria-activedescendant={entries[at] && `palette-${at}`}
            placeholder={text.hint}
            value={q}
            autoFocus
            onChange={(event) => {
              setQ(event.target.value)
              setAt(0)
            }}
            onKeyDown={press}
          />
          <div id="palette-list" role="listbox" aria-label={text.title} className="listbox palette-list">
            {entries.map((entry, n) => (
              <div
                key={entry.id}
                id={`palette-${n}`}
                role="option"
                aria-selected={n === at}
                className="option"
                data-focused={n === at || undefined}
                onClick={() => go(entry)}
              >
                <span>{entry.words}</span>
                <span className="muted small">{entry.hint}</span>
              </div>
            ))}
          </div>
          {!entries.length && <p className="muted pad">{text.none}</p>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Screens and new things whose name matches, tickets found, and the way to all that match. */
function useEntries(screens: readonly ScreenSpec[], q: string): Entry[] {
  const isLong = q.length >= SHORT
  const found = useQuery({
    queryKey: ['palette', q],
    queryFn: () => listTickets('all', null, { q, limit: '8' }),
    enabled: isLong,
  })
  const named = screens
    .filter(({ name, title }) => `${name} ${title()}`.toLowerCase().includes(q.toLowerCase()))
    .map(({ name, title, key }) => ({ id: `/${name}`, words: title(), hint: key ? `g ${key}` : '' }))
  const fresh = creatableBy(rolesOf())
    .map((name) => ({ id: `/${name}/new`, words: words()[name].add, hint: words().screens[name] }))
    .filter((entry) => entry.words.toLowerCase().includes(q.toLowerCase()))
  const tickets = (isLong ? (found.data?.items ?? []) : []).map((ticket) => ({
    id: `/tickets/${ticket.id}`,
    words: [ticket.no, ticket.category.name, ticket.place?.label].filter(Boolean).join(' · '),
    hint: ticket.status_name,
  }))
  const all = {
    id: `/tickets?q=${encodeURIComponent(q)}`,
    words: fill(words().palette.search, { q }),
    hint: '',
  }
  return [...named, ...(q ? fresh : []), ...tickets, ...(isLong ? [all] : [])]
}
