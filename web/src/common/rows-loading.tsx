// Still shapes of the right height while a table is on its way.
import { Fetching } from './fetching.js';

export function RowsLoading({ rowCount }: { readonly rowCount: number }) {
  return (
    <div aria-busy="true">
      {Array.from({ length: rowCount }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes are all alike and never move
        <div key={index} className="flex items-center gap-6 border-b border-line py-[0.9rem]">
          <span className="h-3 w-2/3 rounded-sm bg-wash" />
          <span className="ml-auto h-3 w-1/5 rounded-sm bg-wash" />
        </div>
      ))}
      <Fetching />
    </div>
  );
}
