// The keys, as a table.
import { Button } from 'react-aria-components/Button'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { wordsOf } from '@mini/i18n/index'
import type { ScreenSpec } from './app'
import { words } from './words'

export function Help({ screens, close }: { screens: readonly ScreenSpec[]; close: () => void }) {
  const text = words().keys
  const rows: [string, string][] = [
    ['j  k', text.move],
    ['←  →', text.across],
    ['Enter', text.open],
    ['Esc', text.close],
    ['x', text.pick],
    ['/', text.find],
    ['r', text.reload],
    ['n', text.register],
    ['1 … 9', text.act],
    ['Ctrl K  ⌘K', text.palette],
    ['?', text.help],
    ...screens.filter(({ key }) => key).map(({ key, title }): [string, string] => [`g ${key}`, title()]),
  ]
  return (
    <ModalOverlay className="overlay" isDismissable isOpen onOpenChange={close}>
      <Modal className="modal">
        <Dialog>
          <Heading slot="title">{text.title}</Heading>
          <table className="keys">
            <tbody>
              {rows.map(([key, what]) => (
                <tr key={key}>
                  <th scope="row">
                    <kbd>{key}</kbd>
                  </th>
                  <td>{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="muted small">{text.note}</p>
          <Button className="btn" slot="close" autoFocus>
            {wordsOf('common').close}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
