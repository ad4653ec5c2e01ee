// Choosing among several projects and batches; nothing when there is only one of each.
import type { Batch, Project } from '@manyhands/contract';
import { useNavigate } from '@tanstack/react-router';
import { useId } from 'react';
import { formatCount } from '../format/numbers.js';

export type PickerProps = {
  readonly project: Project;
  readonly projects: readonly Project[];
  readonly batch: Batch | undefined;
  readonly batches: readonly Batch[];
};

export function Picker({ project, projects, batch, batches }: PickerProps) {
  const navigate = useNavigate();
  if (projects.length < 2 && batches.length < 2) return null;
  return (
    <div className="flex max-w-[40rem] flex-wrap gap-4 pt-2">
      {projects.length > 1 && (
        <Choice
          label="Project"
          value={project.projectId}
          options={projects.map(({ projectId, title, name }) => ({ value: projectId, text: title || name }))}
          onChange={(projectId) => void navigate({ to: '/projects/$projectId', params: { projectId } })}
        />
      )}
      {batch && batches.length > 1 && (
        <Choice
          label="Batch"
          value={batch.batchId}
          options={batches.map(({ batchId, name, counts }) => ({
            value: batchId,
            text: `${name} (${formatCount(counts.accepted)} of ${formatCount(counts.total)})`,
          }))}
          onChange={(batchId) =>
            void navigate({
              to: '/projects/$projectId',
              params: { projectId: project.projectId },
              search: { batch: batchId },
              resetScroll: false,
            })
          }
        />
      )}
    </div>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
};

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="min-w-0 flex-1 basis-48">
      <label htmlFor={id} className="block text-sm font-semibold text-ink-2">
        {label}
      </label>
      <select id={id} value={value} className="mt-1 w-full" onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
