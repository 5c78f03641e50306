// One field of a form, by its kind.
import { useId } from 'react'
import { clockOf, dayOfMoment } from '@mini/domain/time'
import { wordsOf } from '@mini/i18n/index'
import { type InputProps, labelOfField } from './fields'
import { PhotoField } from './PhotoField'
import { PlacePicker } from './PlacePicker'
import { PlacesField } from './PlacesField'
import { isRadio, Picks, Radios, Select, Several, Stars } from './Choices'

export function FieldInput(props: InputProps) {
  const { state, error } = props
  const { field, required } = state
  const id = useId()
  if (field.kind === 'info') return <p className="note">{labelOfField(field)}</p>
  const optional = (field.kind === 'choice' || field.kind === 'pick') && !required && !state.options.length
  if (optional) return null // there is nothing to choose
  const isGroup = ['many', 'stars', 'pick', 'photos', 'places', 'own'].includes(field.kind) || isRadio(state)
  const label = (
    <>
      {labelOfField(field)} {!required && <span className="muted small">{wordsOf('common').optional}</span>}
    </>
  )
  return (
    <div
      className="form-field"
      role={isGroup ? 'group' : undefined}
      aria-labelledby={isGroup ? `${id}-label` : undefined}
    >
      {field.kind === 'place' ? null : isGroup ? (
        <span className="label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label className="label" htmlFor={id}>
          {label}
        </label>
      )}
      <Control {...props} id={id} />
      {error && (
        <p className="bad small" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

function Control(props: InputProps & { id: string }) {
  const { id, state, value, set, error, autoFocus } = props
  const { field, required } = state
  const common = {
    id,
    className: 'field',
    'aria-required': required,
    'aria-invalid': Boolean(error),
    'aria-describedby': error ? `${id}-error` : undefined,
    autoFocus,
  }
  const text = ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''
  switch (field.kind) {
    case 'text':
      return <TextArea {...props} common={common} text={text} />
    case 'line':
      return (
        <input {...common} value={text} placeholder={field.hint?.()} onChange={(e) => set(e.target.value)} />
      )
    case 'number':
      return (
        <input
          {...common}
          type="number"
          min={1}
          value={text}
          onChange={(e) => set(e.target.value === '' ? undefined : e.target.valueAsNumber)}
        />
      )
    case 'day':
      return <input {...common} type="date" value={text} onChange={(e) => set(e.target.value)} />
    case 'until':
      return (
        <input
          {...common}
          type="datetime-local"
          value={text && `${dayOfMoment(text)}T${clockOf(text)}`}
          onChange={(e) =>
            set(e.target.value && `${new Date(`${e.target.value}:00+08:00`).toISOString().slice(0, 19)}Z`)
          }
        />
      )
    case 'choice':
      return isRadio(state) ? <Radios {...props} /> : <Select {...props} common={common} text={text} />
    case 'many':
      return <Several {...props} />
    case 'pick':
      return <Picks {...props} />
    case 'stars':
      return <Stars {...props} />
    case 'photos':
      return <PhotoField value={value} set={set} />
    case 'place':
      return (
        <PlacePicker
          autoFocus={autoFocus ?? false}
          label={labelOfField(field)}
          value={(value as { id?: string } | undefined)?.id ?? ''}
          onChange={(place) => set(place && { id: place.id, label: place.label, rest: place.rest })}
        />
      )
    case 'places':
      return <PlacesField value={value} set={set} />
    case 'own':
      return field.Input ? <field.Input {...props} /> : null
    case 'info':
      return null
  }
}

function TextArea({ state, set, common, text }: InputProps & { common: object; text: string }) {
  const add = (phrase: string): void => {
    if (!text.includes(phrase)) set([text.trim(), phrase].filter(Boolean).join('；'))
  }
  return (
    <>
      <textarea
        {...common}
        rows={3}
        value={text}
        placeholder={state.field.hint?.()}
        onChange={(e) => set(e.target.value)}
      />
      {state.phrases.length > 0 && (
        <div className="chips" role="group" aria-label={wordsOf('common').phrases}>
          {state.phrases.map((phrase) => (
            <button key={phrase} type="button" className="btn plain small" onClick={() => add(phrase)}>
              {phrase}
            </button>
          ))}
        </div>
      )}
    </>
  )
}
