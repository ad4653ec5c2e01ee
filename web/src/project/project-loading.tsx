// The page's shape before the first answer.
import { Fetching } from '../common/fetching.js';

export function ProjectLoading() {
  return (
    <div className="page grid gap-8 py-8 lg:grid-cols-[5fr_7fr] lg:gap-12 lg:py-12" aria-busy="true">
      <div className="space-y-4">
        <h1 className="sr-only">What is being computed here</h1>
        <Fetching />
        <div className="h-12 w-full rounded-sm bg-wash" />
        <div className="h-12 w-4/5 rounded-sm bg-wash" />
        <div className="h-24 w-full rounded-sm bg-wash" />
      </div>
      <div className="h-[26rem] rounded-lg border border-line bg-sheet lg:h-[46rem]" />
    </div>
  );
}
