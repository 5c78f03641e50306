// The beginning: language, session, the client of queries.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { problemOf } from '@mini/platform/problem'
import { Root } from './Root'
import { isIdle } from './idle'
import { startLanguage } from './language'
import { resume, signOut } from './session'
import './styles/index.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && ['timeout', 'server'].includes(problemOf(error).kind),
    },
  },
})

await startLanguage()
void (isIdle() && localStorage.getItem('loudeng.signed-in') ? signOut('locked') : resume())
createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={client}>
    <Root />
  </QueryClientProvider>,
)
