// Photos of a form: chosen, dropped or pasted; each is uploaded at once.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { fill, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import type { Shot } from '@mini/domain/types'
import { uploadPhoto } from '@mini/services/photos'
import { API } from '../platform/config'
import { addressOf } from '../platform/upload'
import { words } from '../words'
import { Problem } from './Message'
import { Photos } from './Photos'

const MOST = 9

export function PhotoField({ value, set }: { value: unknown; set: (shots: Shot[]) => void }) {
  const shots = (value as Shot[] | undefined) ?? []
  const [tooMany, setTooMany] = useState(0)
  const upload = useMutation({
    mutationFn: async (files: File[]) => {
      const room = files.slice(0, MOST - shots.length)
      setTooMany(files.length - room.length)
      const fresh: Shot[] = []
      for (const file of room) fresh.push({ path: '', id: (await uploadPhoto(addressOf(file), newKey())).id })
      set([...shots, ...fresh])
    },
  })
  const take = (files: FileList | null | undefined): void => {
    const images = [...(files ?? [])].filter((file) => file.type.startsWith('image/'))
    if (images.length) upload.mutate(images)
  }
  const label = wordsOf('photo')
  const photos = shots.map(({ id }) => ({
    id: id!,
    url: `${API}/photos/${id}`,
    thumb_url: `${API}/photos/${id}?size=thumb`,
  }))
  return (
    <div
      className="photo-field"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        take(event.dataTransfer.files)
      }}
      onPaste={(event) => take(event.clipboardData.files)}
    >
      <Photos photos={photos} small />
      {shots.length > 0 && (
        <button type="button" className="btn plain small" onClick={() => set(shots.slice(0, -1))}>
          {label.remove}
        </button>
      )}
      <label className="btn plain small">
        {upload.isPending ? label.uploading : words().form.addPhoto}
        <input
          type="file"
          className="hidden"
          accept="image/*"
          multiple
          disabled={upload.isPending || shots.length >= MOST}
          onChange={(event) => {
            take(event.target.files)
            event.target.value = ''
          }}
        />
      </label>
      {tooMany > 0 && <p className="bad small">{fill(label.tooMany, { most: MOST, n: tooMany })}</p>}
      <Problem error={upload.error} />
    </div>
  )
}
