// Photos, each fetched with the access token; one opens large in a dialog.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { fill, wordsOf } from '@mini/i18n/index'
import type { Ticket } from '@mini/services/shapes'
import { downloadFile } from '../platform/upload'

type Photo = Ticket['photos'][number]

function Picture({ url, label }: { url: string; label: string }) {
  const query = useQuery({ queryKey: ['photo', url.split('?')[0]], queryFn: () => downloadFile(url) })
  if (query.error) return <span className="muted small">{wordsOf('photo').missing}</span>
  return query.data ? <img src={query.data} alt={label} /> : <span className="picture-wait" />
}

export function Photos({ photos, small = false }: { photos: readonly Photo[]; small?: boolean }) {
  const words = wordsOf('photo')
  return (
    <ul className={small ? 'photos small' : 'photos'}>
      {photos.map((photo, n) => {
        const label = fill(words.big, { n: n + 1 })
        return (
          <li key={photo.id}>
            <DialogTrigger>
              <Button className="photo" aria-label={label}>
                <Picture url={small ? photo.thumb_url : photo.url} label="" />
              </Button>
              <ModalOverlay className="overlay" isDismissable>
                <Modal className="modal photo-modal">
                  <Dialog aria-label={label}>
                    {({ close }) => (
                      <>
                        <Picture url={photo.url} label={label} />
                        <Button className="btn" onPress={close}>
                          {wordsOf('common').close}
                        </Button>
                      </>
                    )}
                  </Dialog>
                </Modal>
              </ModalOverlay>
            </DialogTrigger>
          </li>
        )
      })}
    </ul>
  )
}
