// Choosing a place by its address, as it is said on the telephone: 944号4单元3楼.
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { ComboBox, type Key } from 'react-aria-components/ComboBox'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { wordsOf } from '@mini/i18n/index'
import { getPlace, searchPlaces } from '@mini/services/places'
import type { FoundPlace } from '@mini/services/shapes'

interface Props {
  label: string
  value: string
  onChange: (place: FoundPlace | null) => void
  required?: boolean
  autoFocus?: boolean
}

const TYPING = 200 // milliseconds without a key, after which a search begins

/** `text`, once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

export function PlacePicker({ label, value, onChange, required = false, autoFocus = false }: Props) {
  const [text, setText] = useState('')
  const [picked, setPicked] = useState<{ id: string; label: string } | null>(null)
  const asked = useSettled(text.trim())
  const isTyping = Boolean(asked) && asked !== picked?.label
  const { data } = useQuery({
    queryKey: ['places', asked],
    queryFn: () => searchPlaces(asked),
    enabled: isTyping,
    placeholderData: (before) => before,
  })
  const known = useQuery({
    queryKey: ['place', value],
    queryFn: () => getPlace(value),
    enabled: Boolean(value) && picked?.id !== value,
  })
  // A place that the address names, or one that was taken away from outside.
  useEffect(() => {
    if (known.data && picked?.id !== value && value) {
      setPicked(known.data)
      setText(known.data.label)
    }
    if (!value && picked) {
      setPicked(null)
      setText('')
    }
  }, [known.data, value, picked])
  const items = isTyping ? (data?.items ?? []) : []
  const pick = (key: Key | null): void => {
    const place = items.find(({ id }) => id === key)
    if (!place) return
    setPicked(place)
    setText(place.label)
    onChange(place)
  }
  // Enter takes the first one found, until the arrows choose another.
  const enter = (event: KeyboardEvent<HTMLInputElement>): void => {
    const isFree = !event.currentTarget.getAttribute('aria-activedescendant')
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !isFree || !items[0]) return
    event.preventDefault()
    pick(items[0].id)
  }
  const type = (next: string): void => {
    setText(next)
    if (!next && value) onChange(null)
  }
  return (
    <ComboBox
      className="filter place-picker"
      items={items}
      inputValue={text}
      onInputChange={type}
      value={value || null}
      onChange={pick}
      isRequired={required}
      allowsEmptyCollection
      menuTrigger="input"
    >
      <Label>{label}</Label>
      <Input
        className="field"
        placeholder={wordsOf('place').search}
        autoFocus={autoFocus}
        onKeyDown={enter}
      />
      <Popover className="popover">
        <ListBox<FoundPlace>
          className="listbox"
          renderEmptyState={() => (
            <p className="muted pad">{isTyping && data ? wordsOf('place').none : '…'}</p>
          )}
        >
          {(place) => (
            <ListBoxItem id={place.id} textValue={place.label} className="option">
              <span>
                {place.label}
                {place.rest ? ` · ${place.rest}` : ''}
              </span>
              <span className="muted small">{place.path.join(' / ')}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
