// Who sees what: the sign-in screen, or the frame with the screens.
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { Router } from 'wouter'
import { Frame } from './Frame'
import { Loading } from './kit/Message'
import { languageTag, useCurrentLanguage } from './language'
import { SignIn } from './SignIn'
import { useSession } from './session'

export function Root() {
  const language = useCurrentLanguage()
  const { phase, me } = useSession()
  return (
    <I18nProvider locale={languageTag()}>
      <Router base="/console" key={language}>
        {phase === 'starting' ? (
          <Loading />
        ) : phase === 'in' && me ? (
          <Frame key={me.id} me={me} />
        ) : (
          <SignIn />
        )}
      </Router>
    </I18nProvider>
  )
}
