// A place by its address: who is responsible for it, its stairwell code, the sheet to print.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { wordsOf } from '@mini/i18n/index'
import { getPlace, listChildren } from '@mini/services/places'
import type { PlacePath } from '@mini/services/shapes'
import { useAddress } from '../kit/address'
import { FactList } from '../kit/Facts'
import { Empty, Loaded, Problem } from '../kit/Message'
import { PlacePicker } from '../kit/PlacePicker'
import { save } from '../kit/save'
import { Screen } from '../kit/Screen'
import { downloadFile } from '../platform/upload'
import { words } from '../words'

export function Places() {
  const { filters, change } = useAddress('places')
  const id = filters['place_id'] ?? ''
  const query = useQuery({ queryKey: ['place', id], queryFn: () => getPlace(id), enabled: Boolean(id) })
  return (
    <Screen title={words().screens.places} lead={wordsOf('code').lead}>
      <div className="filters">
        <PlacePicker
          label={words().office.where}
          value={id}
          onChange={(place) => change({ place_id: place?.id ?? '' })}
        />
      </div>
      <div className="columns-2">
        <Below id={id} />
        {id ? (
          <Loaded query={query}>{(place) => <OnePlace key={place.id} place={place} />}</Loaded>
        ) : (
          <Empty title={wordsOf('code').empty} />
        )}
      </div>
    </Screen>
  )
}

function Below({ id }: { id: string }) {
  const query = useQuery({ queryKey: ['below', id], queryFn: () => listChildren(id || undefined) })
  return (
    <Loaded query={query}>
      {(places) => (
        <ul className="card plain-list">
          {places.map((place) => (
            <li key={place.id}>
              <Link href={`/places?place_id=${place.id}`}>{place.name}</Link>{' '}
              <span className="muted small">{place.level_name}</span>
            </li>
          ))}
          {!places.length && <li className="muted">{wordsOf('common').noMore}</li>}
        </ul>
      )}
    </Loaded>
  )
}

const WITH_CODE = ['building', 'unit']

function OnePlace({ place }: { place: PlacePath }) {
  const text = wordsOf('code')
  const hasCode = WITH_CODE.includes(place.level)
  const code = useQuery({
    queryKey: ['code', place.id],
    queryFn: () => downloadFile(`/api/v1/places/${place.id}/qrcode`),
    enabled: hasCode,
  })
  const sheet = useMutation({
    mutationFn: async () =>
      save(await downloadFile(`/api/v1/places/${place.id}/qrcodes.pdf`), `${place.label}.pdf`),
  })
  return (
    <article className="card form">
      <h2>{place.label}</h2>
      <FactList
        rows={[
          [text.path, place.path.join(' / ')],
          [text.grid, place.grid ?? text.noGrid],
        ]}
      />
      {hasCode && code.data && (
        <img className="code-picture" src={code.data} alt={text.picture} width="200" height="200" />
      )}
      <Problem error={code.error} />
      <div className="buttons">
        <button type="button" className="btn main" disabled={sheet.isPending} onClick={() => sheet.mutate()}>
          {words().office.sheet}
        </button>
        <Link className="btn plain" href={`/tickets?place_id=${place.id}`}>
          {words().ticket.unit}
        </Link>
      </div>
      <Problem error={sheet.error} />
    </article>
  )
}
