import type { SearchOptions, TrackingStore } from '../../../records/tracking/store.ts';
import type { Page, Run } from '../../../records/tracking/types.ts';

/** How many runs a search finds in all, of which `page` is a part from `offset` on; null where the store cannot tell. */
export async function totalOf(
  store: TrackingStore,
  experimentIds: readonly string[],
  { filter, view }: SearchOptions,
  page: Page<Run>,
  offset = 0,
): Promise<number | null> {
  if ('total' in page && typeof page.total === 'number') return page.total;
  if (page.nextPageToken === null && (offset === 0 || page.items.length > 0))
    return offset + page.items.length;
  return (await store.countRuns?.(experimentIds, { filter, view })) ?? null;
}
