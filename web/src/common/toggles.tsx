// A choice of a few, each a button that stays pressed.

export type Choice<T extends string> = { readonly value: T; readonly label: string };

export type TogglesProps<T extends string> = {
  /** What is chosen, for readers who do not see the row. */
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
};

export function Toggles<T extends string>({ label, choices, value, onChange }: TogglesProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as an inline row of joined buttons
    <div className="seg" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
