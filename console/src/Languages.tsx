// The choice of a language, each named in its own script.
import { wordsOf } from '@mini/i18n/index'
import { languages, setLanguage, useCurrentLanguage } from './language'

export function Languages() {
  const current = useCurrentLanguage()
  return (
    <div className="languages" role="group" aria-label={wordsOf('me').language}>
      {languages().map(({ code, name }) => (
        <button
          key={code}
          type="button"
          className="btn text small"
          aria-pressed={code === current}
          onClick={() => void setLanguage(code)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
