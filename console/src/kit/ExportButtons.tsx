// A list as it is filtered, as a file in one of two formats.
import { useMutation } from '@tanstack/react-query'
import { words } from '../words'
import { Problem } from './Message'
import { save } from './save'

const FORMATS = ['xlsx', 'csv'] as const

interface Props {
  name: string // of the file, before the format
  load: (format: string) => Promise<string>
}

export function ExportButtons({ name, load }: Props) {
  const file = useMutation({
    mutationFn: async (format: string) => save(await load(format), `${name}.${format}`),
  })
  return (
    <>
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          className="btn plain small"
          disabled={file.isPending}
          onClick={() => file.mutate(format)}
        >
          {words().list.export} {format.toUpperCase()}
        </button>
      ))}
      <Problem error={file.error} />
    </>
  )
}
