// Who said what staff wrote down, and how they learn what became of it; each look at their number is recorded.
import { useMutation } from '@tanstack/react-query'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { Problem } from '../../kit/Message'
import { getSpeakerPhone, type Opinion } from '../../subjects'
import { words } from '../../words'

export function Speaker({ opinion: { id, speaker } }: { opinion: Opinion }) {
  const phone = useMutation({ mutationFn: () => getSpeakerPhone(id) })
  const bench = wordsOf('workbench')
  if (!speaker) return null
  const { phone_masked, told_by, told_at } = speaker
  return (
    <>
      {phone.data?.name} <span className="ltr">{phone.data?.phone ?? phone_masked}</span>{' '}
      {phone_masked && told_by === 'call' && !phone.data && (
        <button
          type="button"
          className="btn text small"
          title={bench.phoneAsk}
          onClick={() => phone.mutate()}
        >
          {bench.phone}
        </button>
      )}
      <span className="muted small">
        {told_at
          ? fill(words().opinions.told, { at: formatTime(told_at) })
          : told_by && words().opinionToldBy[told_by]}
      </span>
      <Problem error={phone.error} />
    </>
  )
}
