// The catalogue of report categories.
import { listAll } from './pages'
import type { Category } from './shapes'

export const listCategories = (): Promise<Category[]> => listAll('/categories')
