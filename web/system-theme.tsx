import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect } from 'react'

/** Follows the system from light to dark while the page is open: without it GraphiQL leaves the editors' colours behind. */
export function SystemTheme() {
  const { setTheme } = useGraphiQLActions()
  const chosen = useGraphiQL(({ theme }) => theme)
  useEffect(() => {
    if (chosen) return
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => setTheme(null)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [chosen, setTheme])
  return null
}
